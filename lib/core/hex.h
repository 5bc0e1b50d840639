/* hex.h - hashes of 128 bits as they stand in stamps, manifests and keys. */
#ifndef CORPUS_HEX_H
#define CORPUS_HEX_H

#include <stdint.h>

/* 32 hexadecimal digits, the high half first, and a NUL. */
void hex_128(uint64_t high, uint64_t low, char out[33]);

#endif

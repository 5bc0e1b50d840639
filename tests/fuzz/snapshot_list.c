/* Any bytes as the list of an index: as they are, and with the digest that they should have. What
 * is read is written as it stood. */
#include "lib/core/buf.h"
#include "stages/dedup/index.h"

#include <assert.h>
#include <inttypes.h>
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct snapshot_list list = { 0 };
	struct buf text = { 0 }, again = { 0 };
	struct err e = { 0 };

	if (snapshot_list_read(&list, (struct slice){ (const char *)data, n }, &e) < 0)
		assert(e.code == ERR_DATA);
	snapshot_list_release(&list);
	buf_append(&text, data, n);
	buf_printf(&text, "digest %016" PRIx64 "\n", (uint64_t)XXH3_64bits(data, n));
	if (snapshot_list_read(&list, buf_view(&text), &e) == 0) {
		struct snapshot_list same = { 0 };

		snapshot_list_write(&list, &again);
		assert(snapshot_list_read(&same, buf_view(&again), &e) == 0);
		assert(same.n == list.n);
		snapshot_list_release(&same);
	}
	snapshot_list_release(&list);
	buf_release(&text);
	buf_release(&again);
	return 0;
}

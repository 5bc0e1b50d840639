//! The repeats that google-research/deduplicate-text-datasets reports, by the suffix array that it
//! took: substring-peer DOCUMENTS LENGTH > SPANS
//!
//! DOCUMENTS holds each document as its length (4 bytes, little-endian) and its UTF-8. A line
//! "DOCUMENT FROM TO" is written for each span of bytes, after what its self-similar and collect
//! do: positions whose LENGTH bytes equal those of a neighbour in the suffix array, joined where
//! they overlap or touch. Its table.rs is this crate with indexes of 64 bits instead of 32, and it
//! goes through files and parts with a merge, so that the time taken here is less than its own.
//! Windows that reach into another document are left out; there a separator with a number is in
//! them, parts of which may be equal.

use std::io::{BufWriter, Write};
use suffix::SuffixTable;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let length: usize = args[2].parse().expect("a length");
    let (text, ends) = read(&args[1])?;
    let mut found = self_similar(&text, &ends, length);

    found.sort_unstable();
    write(&found, &ends, length)
}

/// All documents, a newline behind each, and where the newlines are.
fn read(path: &str) -> std::io::Result<(String, Vec<usize>)> {
    let data = std::fs::read(path)?;
    let (mut text, mut ends, mut at) = (String::new(), Vec::new(), 0);

    while at < data.len() {
        let n = u32::from_le_bytes(data[at..at + 4].try_into().unwrap()) as usize;
        text.push_str(std::str::from_utf8(&data[at + 4..at + 4 + n]).expect("UTF-8"));
        ends.push(text.len());
        text.push('\n');
        at += 4 + n;
    }
    Ok((text, ends))
}

/// Where a window of `length` bytes begins that is in one document and stands elsewhere too.
fn self_similar(text: &str, ends: &[usize], length: usize) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut whole = vec![false; bytes.len()];
    let mut start = 0;
    for &end in ends {
        for place in whole[start..end].iter_mut().take((end - start + 1).saturating_sub(length)) {
            *place = true;
        }
        start = end + 1;
    }

    let table = SuffixTable::new(text);
    let (mut found, mut before, mut taken) = (Vec::new(), usize::MAX, false);
    for &at in table.table().iter().filter(|&&at| whole[at as usize]) {
        let here = at as usize;
        if before != usize::MAX && bytes[before..before + length] == bytes[here..here + length] {
            if !taken {
                found.push(before as u32);
            }
            found.push(at);
            taken = true;
        } else {
            taken = false;
        }
        before = here;
    }
    found
}

/// Joins the windows to spans.
fn write(found: &[u32], ends: &[usize], length: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout());
    let (mut document, mut start, mut i) = (0, 0, 0);

    while i < found.len() {
        let from = found[i] as usize;
        let mut to = from + length;
        while i < found.len() && found[i] as usize <= to {
            to = found[i] as usize + length;
            i += 1;
        }
        while ends[document] < from {
            start = ends[document] + 1;
            document += 1;
        }
        writeln!(out, "{} {} {}", document, from - start, to - start)?;
    }
    out.flush()
}

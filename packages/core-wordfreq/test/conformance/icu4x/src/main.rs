//! Reads texts from standard input, each with a NUL after it, and prints a line for each: how many code points each segment has, with
//! spaces between.
use icu_segmenter::{options::WordBreakInvariantOptions, WordSegmenter};
use std::io::{self, BufWriter, Read, Write};

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let segmenter = WordSegmenter::new_for_non_complex_scripts(WordBreakInvariantOptions::default());
    for text in input.split_terminator('\0') {
        let boundaries: Vec<usize> = segmenter.segment_str(text).collect();
        let sizes: Vec<String> =
            boundaries.windows(2).map(|ends| text[ends[0]..ends[1]].chars().count().to_string()).collect();
        writeln!(output, "{}", sizes.join(" "))?;
    }
    output.flush()
}

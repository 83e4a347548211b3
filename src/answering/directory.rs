//! Finds numbers in a long sorted list by their first bits: one look and a short walk, where halving the list again and again would
//! wait for memory at each step.
//!
//! The list itself is left to its owner.

use std::ops::Range;

/// Where those with the same first bits stand in a sorted list of hashes.
#[derive(Debug)]
pub struct Directory {
    /// For each beginning, where its hashes begin; behind the last, the end.
    starts: Vec<u32>,
    shift: u32,
}

impl Directory {
    /// Of a list in order.
    pub fn new(sorted: impl ExactSizeIterator<Item = u32>) -> Self {
        // Between one and two of a beginning.
        let bits = sorted.len().max(2).ilog2();
        let mut directory = Directory { starts: vec![0; (1 << bits) + 1], shift: u32::BITS - bits };
        for hash in sorted {
            let beginning = directory.beginning(hash);
            directory.starts[beginning + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut directory.starts {
            sum += *start;
            *start = sum;
        }
        directory
    }

    /// Where those that begin like `hash` stand, itself among them if it is in the list.
    pub fn near(&self, hash: u32) -> Range<usize> {
        let beginning = self.beginning(hash);
        self.starts[beginning] as usize..self.starts[beginning + 1] as usize
    }

    fn beginning(&self, hash: u32) -> usize {
        (hash >> self.shift) as usize
    }
}

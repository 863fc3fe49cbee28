//! The command line of split-advisor.

fn main() {}

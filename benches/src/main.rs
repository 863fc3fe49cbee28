//! Benchmarks of split-advisor; see `README.md` beside this package.

fn main() {}

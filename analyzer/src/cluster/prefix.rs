//! Sums over the clusters before a place, while single clusters change (a Fenwick tree).

/// A list of numbers with fast prefix sums.
#[derive(Debug, Clone)]
pub(super) struct Prefix {
    tree: Vec<f64>,
    total: f64,
}

impl Prefix {
    pub(super) fn new(values: impl ExactSizeIterator<Item = f64>) -> Self {
        let mut prefix = Self { tree: vec![0.0; values.len() + 1], total: 0.0 };
        for (i, value) in (0..).zip(values) {
            prefix.add(i, value);
        }
        prefix
    }

    pub(super) fn add(&mut self, index: u32, change: f64) {
        self.total += change;
        let mut i = index as usize + 1;
        while i < self.tree.len() {
            self.tree[i] += change;
            i += i & i.wrapping_neg();
        }
    }

    /// The sum of all values before `index`.
    pub(super) fn before(&self, index: u32) -> f64 {
        let (mut i, mut sum) = (index as usize, 0.0);
        while i > 0 {
            sum += self.tree[i];
            i &= i - 1;
        }
        sum
    }

    /// The sum of all values from `index` on.
    pub(super) fn from(&self, index: u32) -> f64 {
        self.total - self.before(index)
    }
}

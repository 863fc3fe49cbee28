//! What speaks against a service, in functions of its own: choices all of them. How much of a proposal hangs on them is said beside it
//! (`stability`).

/// What is weighed against code of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prices {
    /// A function that is called across.
    pub(super) call: f64,
    /// A table that both write.
    pub(super) table: f64,
    /// A transaction over tables of both.
    pub(super) transaction: f64,
    /// A state in the memory of both.
    pub(super) state: f64,
    /// How many times more one has to use shared code with data than the other for it to be the former's.
    pub(super) home: f64,
    /// The least share of the program's functions that is a service, and that is left.
    pub(super) least: f64,
}

impl Default for Prices {
    fn default() -> Self {
        Self { call: 2.0, table: 5.0, transaction: 10.0, state: 5.0, home: 2.0, least: 0.05 }
    }
}

impl Prices {
    /// The same with each price halved and doubled.
    pub(super) fn others(self) -> Vec<Self> {
        [0.5, 2.0]
            .into_iter()
            .flat_map(|by| {
                [
                    Self { call: self.call * by, ..self },
                    Self { table: self.table * by, ..self },
                    Self { transaction: self.transaction * by, ..self },
                    Self { state: self.state * by, ..self },
                    Self { home: self.home * by, ..self },
                    Self { least: self.least * by, ..self },
                ]
            })
            .collect()
    }
}

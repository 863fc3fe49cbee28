//! Numbers from outside, checked where they enter: what is infinite, negative or absurd would make a search go on for ever
//! or a sum mean nothing.

/// A length as the integer of reports.
pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// The range of a kind of number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// The smallest number above zero that is allowed.
    least: f64,
    most: f64,
    /// The range as people read it.
    said: &'static str,
}

/// The longest build may take four months. A choice: what is beyond is no measurement.
pub(crate) const MOST_SECONDS: f64 = 1e7;

/// Seconds of a build or of a part of it.
pub(crate) const SECONDS: Range = Range { least: 0.0, most: MOST_SECONDS, said: "from 0 to 10000000" };

/// Weights of nodes and edges. Their squares are added up and divided by each other, which twelve digits to either side
/// of one leave room for.
pub(crate) const WEIGHT: Range = Range { least: 1e-12, most: 1e12, said: "0, or from 1e-12 to 1e12" };

impl Range {
    /// What is wrong with a number, if anything.
    pub(crate) fn wrong(self, number: f64) -> Option<String> {
        // Written so that NaN is wrong.
        let fine = number == 0.0 || (number >= self.least && number <= self.most);
        // Hundreds of digits help nobody.
        let readable = number == 0.0 || (1e-3..1e9).contains(&number.abs());
        (!fine).then(|| match readable {
            true => format!("is {number}; {} is allowed", self.said),
            false => format!("is {number:e}; {} is allowed", self.said),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for fine in [0.0, -0.0, 1e-9, 1.5, 1e7] {
            assert_eq!(SECONDS.wrong(fine), None, "{fine}");
        }
        for wrong in [-1e-9, -1.0, 1.1e7, 1e308, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(SECONDS.wrong(wrong).is_some(), "{wrong}");
        }
        assert_eq!(SECONDS.wrong(-1.0).unwrap(), "is -1; from 0 to 10000000 is allowed");
        assert_eq!(WEIGHT.wrong(1e154).unwrap(), "is 1e154; 0, or from 1e-12 to 1e12 is allowed");
        assert!(
            WEIGHT.wrong(1e-200).is_some() && WEIGHT.wrong(0.0).is_none() && WEIGHT.wrong(1e12).is_none()
        );
    }
}

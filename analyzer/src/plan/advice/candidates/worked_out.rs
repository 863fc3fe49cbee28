//! Layerings worked out to candidates, and candidates to others: with what their crates share in one of its own, or with those crates in
//! one that only people can part.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::frontier::{Parted, Parts, Subject, Variant};
use crate::ids::BlockId;
use crate::plan::cuts::choose::choose;
use crate::plan::partition::blocks::Blocks;
use crate::plan::partition::common::with_common;
use crate::plan::partition::layering::Layering;
use crate::plan::partition::place::Placement;
use crate::plan::partition::search::SearchKind;

/// Percent that a crate of what others share has to gain, and the effort that it may take: so much, and so many times the effort
/// without it. Choices.
const COMMON_GAIN: f64 = 1.0;
const COMMON_EFFORT: (f64, f64) = (3.0, 1.25);

/// Blocks that are not to be parted so that the first one lies below the second.
pub(in crate::plan::advice) type Ties = BTreeSet<(BlockId, BlockId)>;

impl Subject<'_> {
    /// The blocks that the search moves.
    pub(in crate::plan::advice) fn blocks(&self) -> Blocks {
        let prices = &self.options.prices;
        let mut blocks = Blocks::new(self.input, self.index, self.krate, &self.groups, prices);
        if prices.jitter > 0.0 {
            blocks.jitter(prices.jitter, self.options.seed);
        }
        blocks
    }

    /// A layering worked out down to items; behind it one with what its crates share in one of its own, where builds gain by that and
    /// it is little more work.
    pub(in crate::plan::advice) fn worked_out(
        &self,
        blocks: &Blocks,
        layering: &Layering,
        way: SearchKind,
    ) -> Vec<Variant> {
        let plain = self.variant(blocks, layering, way);
        let Some(common) = with_common(layering, blocks).filter(|_| way != SearchKind::Forced) else {
            return vec![plain];
        };
        let other = Variant { common: true, ..self.variant(blocks, &common, way) };
        let (one, more) = (&plain.candidate, &other.candidate);
        let gains = more.gain() >= one.gain() + COMMON_GAIN;
        let is_little = more.effort() <= COMMON_EFFORT.0 + COMMON_EFFORT.1 * one.effort();
        if gains && is_little { vec![plain, other] } else { vec![plain] }
    }

    /// A layering worked out down to items.
    pub(in crate::plan::advice) fn variant(
        &self,
        blocks: &Blocks,
        layering: &Layering,
        way: SearchKind,
    ) -> Variant {
        self.placed(self.placement(blocks, layering), way)
    }

    /// Blocks of which the lower one needs the higher one by references that had better not be cut.
    pub(in crate::plan::advice) fn ties(
        &self,
        blocks: &Blocks,
        found: &[(Layering, SearchKind)],
        parts: Parts,
    ) -> Ties {
        let of = |(layering, _): &(Layering, SearchKind)| {
            let placement = self.placement(blocks, layering);
            self.parted(&choose(self.input, &self.groups, &placement), parts)
        };
        found.par_iter().flat_map_iter(of).filter_map(|parted| tied(blocks, parted)).collect()
    }

    /// A placement that was merged, worked out; nothing if one crate comes of it.
    pub(in crate::plan::advice) fn merged(&self, placement: Placement) -> Option<Variant> {
        // Where other things lie in one crate, other work may be the cheapest.
        let mut found = self.placed(placement, SearchKind::Forced);
        while let Some(next) = merged(&found).map(|placement| self.placed(placement, SearchKind::Forced)) {
            if next.candidate.crates >= found.candidate.crates {
                break;
            }
            found = next;
        }
        (found.candidate.crates > 1).then_some(found)
    }

    fn placement(&self, blocks: &Blocks, layering: &Layering) -> Placement {
        let home = blocks.of_group.iter().map(|&block| layering.cluster[block]).collect();
        Placement::new(&self.groups, home, layering.len(), &self.options.prices)
    }
}

/// The crates of a variant that stay one while the work for people is left, as one crate each; nothing if all do.
pub(in crate::plan::advice) fn merged(variant: &Variant) -> Option<Placement> {
    let parts = !variant.by_hand.is_empty() && variant.together.len() > 1;
    parts.then(|| variant.together.placement(&variant.assembled.of_group))
}

/// The blocks of what is parted, if these are two.
pub(in crate::plan::advice) fn tied(blocks: &Blocks, (from, to): Parted) -> Option<(BlockId, BlockId)> {
    let ends = (blocks.of_group[from?], blocks.of_group[to?]);
    (ends.0 != ends.1).then_some(ends)
}

//! The sentence for methods that leave their block.

use super::work::{NAMED, Sentences};
use crate::base::words::{and_more, counted};
use crate::ids::DefinitionId;
use crate::plan::Edit;

impl Sentences<'_> {
    pub(super) fn split_impl(&self, edit: &Edit, lines: &[u32], along: &[DefinitionId]) -> String {
        let Some(&id) = edit.items.first() else { return String::new() };
        let (block, uses) = (self.item(id), &self.resolution.uses);
        let name = |method: DefinitionId| format!("`{}`", uses.definitions[method].name.as_str());
        let span = |part: DefinitionId| uses.definitions[part].line..=uses.definitions[part].end_line;
        let parts: Vec<DefinitionId> =
            uses.members(id).filter(|&part| !uses.definitions[part].test).collect();
        let asked = |part: &DefinitionId| lines.iter().any(|line| span(*part).contains(line));
        let moving: Vec<DefinitionId> = parts.iter().copied().filter(asked).collect();
        let methods: Vec<String> = moving
            .iter()
            .map(|&method| format!("{} (line {})", name(method), uses.definitions[method].line))
            .collect();
        let mut targets: Vec<String> = edit
            .cuts
            .iter()
            .map(|&cut| format!("`{}`", self.item(self.plan.cuts[cut as usize].to).name))
            .collect();
        targets.dedup();
        let names: Vec<String> = along.iter().map(|&method| name(method)).collect();
        let with = match names.len() {
            0 => String::new(),
            1 => {
                format!(", with {}, which calls {}", names[0], if methods.len() == 1 { "it" } else { "them" })
            }
            _ => format!(
                ", with {}, which call {}",
                and_more(&names, NAMED),
                if methods.len() == 1 { "it" } else { "them" }
            ),
        };
        let leaving = || moving.iter().chain(along);
        let rest = match parts.iter().all(|part| leaving().any(|other| other == part)) {
            true => "nothing else is in the block".to_owned(),
            false => {
                let all = block.end_line + 1 - block.line;
                let taken: u32 = leaving().map(|&part| span(part).end() + 1 - span(part).start()).sum();
                format!(
                    "the rest of the block ({}) does not need {}",
                    counted(all.saturating_sub(taken), "line"),
                    and_more(&targets, NAMED)
                )
            }
        };
        format!(
            "move {} of `{}` up{with}, as an extension trait or free functions: {rest}",
            and_more(&methods, NAMED),
            block.name
        )
    }
}

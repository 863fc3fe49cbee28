//! What the root of a new crate begins with.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Writer;
use crate::apply::rewrite::lead::BUILT_IN;
use crate::apply::source::tokens::TokenKind;
use crate::apply::source::tree::{ROOT, SourceFile};
use crate::ids::{PlanCrateId, SourceFileId, SourceModuleId};

impl Writer<'_> {
    /// `extern crate` declarations of the package that a new crate needs too: of what comes with the compiler, and of those
    /// whose macros are in scope by them.
    pub(super) fn extern_crates(&self, krate: PlanCrateId) -> String {
        let (tree, packages) = (self.leads.tree, &self.leads.layout.crates[krate].packages);
        let layout = self.leads.layout;
        let moved = |id: SourceModuleId| {
            let mut parts = layout.moved.iter().chain(&layout.tests);
            parts.any(|part| part.module == id && part.krate == krate)
        };
        let here = || tree.modules.ids().filter(|&id| layout.home[id] == krate || moved(id));
        let named = |name: &str| here().any(|id| tree.file_of(id).text.contains(&format!("{name}::")));
        let line = |text: &String| {
            let declared = text.split("extern crate ").nth(1)?;
            if let Some(name) = declared.strip_prefix("self as ") {
                let files = here().map(|id| tree.modules[id].file).collect();
                let meant = self.own_name(krate, name.trim_end_matches(';').trim(), &files);
                let meant = meant.map_or_else(|| "self".to_owned(), |other| layout.crates[other].lib_name());
                return Some(format!("{}\n", text.replace(" self as ", &format!(" {meant} as "))));
            }
            let name = declared.split([' ', ';']).next()?;
            let renamed = declared.split_once(" as ").map(|(_, new)| new.trim_end_matches(';').trim());
            if renamed.is_some_and(|new| new != "_" && named(new)) {
                return Some(format!("{text}\n"));
            }
            let dev = match packages.get(name).filter(|_| text.contains("macro_use")) {
                Some(dev) => *dev,
                None => BUILT_IN.contains(&name).then_some(false)?,
            };
            Some(format!(
                "{}{text}\n",
                if dev && !text.contains("cfg(test)") { "#[cfg(test)]\n" } else { "" }
            ))
        };
        self.leads.tree.modules[ROOT].body.extern_crates.iter().filter_map(line).collect()
    }

    /// The crate that the package's own name (`extern crate self as name`) means in a new crate, `None` for that itself: the one that most
    /// of its paths by that name lead into. Where macros of another package write them, so that nobody sees any, the one below that
    /// holds most of the modules.
    fn own_name(
        &self,
        krate: PlanCrateId,
        name: &str,
        files: &BTreeSet<SourceFileId>,
    ) -> Option<PlanCrateId> {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        let tops = || {
            let tops = tree.modules[ROOT].children.iter();
            tops.filter_map(|&id| Some((tree.modules[id].decl.as_ref()?.name.as_str(), layout.home[id])))
        };
        let mut votes: BTreeMap<PlanCrateId, usize> = BTreeMap::new();
        for file in files {
            for four in tree.files[*file].tokens.windows(4) {
                let (TokenKind::Ident(own), TokenKind::Ident(inner)) = (&four[0].kind, &four[3].kind) else {
                    continue;
                };
                if own == name && four[1].kind == TokenKind::Punct(':') {
                    let meant = tops().filter(|&(top, _)| top == inner);
                    meant.for_each(|(_, home)| *votes.entry(home).or_default() += 1);
                }
            }
        }
        let crates = &layout.crates[krate];
        votes.retain(|&other, _| other == krate || crates.deps.contains(&other));
        if votes.is_empty() {
            for (_, home) in tops().filter(|(_, home)| crates.deps.contains(home)) {
                *votes.entry(home).or_default() += 1;
            }
        }
        let most = votes.into_iter().max_by_key(|&(other, votes)| (votes, Reverse(other)));
        most.map(|(other, _)| other).filter(|&other| other != krate)
    }

    /// The crate's attributes that change what its code means, or is warned of.
    pub(super) fn crate_attributes(&self, source: &SourceFile) -> String {
        let words = ["feature", "recursion_limit", "no_std", "type_length_limit", "allow"];
        let meant = source.attributes.iter().filter(|(text, bytes)| {
            let is_code = source.text[bytes.clone()].starts_with('#');
            let text = text.split_whitespace().collect::<String>();
            let named = words.iter().any(|word| text.starts_with(&format!("#![{word}")));
            is_code && (named || (text.starts_with("#![cfg_attr(") && text.ends_with(",no_std)]")))
        });
        let lines: Vec<&str> = meant.map(|(_, bytes)| &source.text[bytes.clone()]).collect();
        if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" }
    }
}

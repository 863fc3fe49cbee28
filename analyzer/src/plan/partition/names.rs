//! Names for new crates: from the modules they hold.

use std::collections::BTreeSet;

/// What a crate's name is made from.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Content {
    /// Names of the modules it holds as wholes, the largest first, with their share of its lines.
    pub(in crate::plan) modules: Vec<(String, f64)>,
    /// The module (not the root) around most of these, with their share of the crate's lines.
    pub(in crate::plan) around: Option<(String, f64)>,
    /// Names of items taken out of modules that stay elsewhere.
    pub(in crate::plan) items: Vec<String>,
    /// Whether it depends on no other crate of the plan and most of them depend on it.
    pub(in crate::plan) foundation: bool,
}

/// A module that makes up this share of a crate lends it its name.
const DOMINANT: f64 = 0.5;

/// One name per crate, all different and none of `taken`. `package` is the name of the package that is split.
pub(in crate::plan) fn names(package: &str, contents: &[Content], taken: &BTreeSet<String>) -> Vec<String> {
    let separator = if package.contains('_') && !package.contains('-') { '_' } else { '-' };
    let mut used = taken.clone();
    used.insert(package.to_owned());
    contents
        .iter()
        .map(|content| {
            let name = candidates(content)
                .into_iter()
                .map(|suffix| join(package, &suffix, separator))
                .find(|name| !used.contains(name))
                .unwrap_or_else(|| numbered(package, content, separator, &used));
            used.insert(name.clone());
            name
        })
        .collect()
}

/// Suffixes by preference.
fn candidates(content: &Content) -> Vec<String> {
    let mut suffixes = Vec::new();
    let modules: Vec<&str> = content.modules.iter().map(|(name, _)| name.as_str()).collect();
    let dominant = content.modules.first().filter(|(_, share)| *share >= DOMINANT);
    suffixes.extend(dominant.map(|(name, _)| name.clone()));
    if content.foundation {
        suffixes.extend(kind_of_items(content));
        suffixes.extend(["core", "types", "base"].map(str::to_owned));
    }
    suffixes
        .extend(content.around.iter().filter(|(_, share)| *share >= DOMINANT).map(|(name, _)| name.clone()));
    match modules[..] {
        [] => suffixes.extend(kind_of_items(content)),
        [only] => suffixes.push(only.to_owned()),
        [first, second, ..] => {
            suffixes.push(first.to_owned());
            suffixes.push(format!("{first}-{second}"));
        }
    }
    suffixes
}

/// `error` for a crate of errors, `types` for other loose items.
fn kind_of_items(content: &Content) -> Option<String> {
    if !content.modules.is_empty() || content.items.is_empty() {
        return None;
    }
    let errors =
        content.items.iter().filter(|name| name.contains("Error") || name.contains("Result")).count();
    Some(if errors * 2 > content.items.len() { "error" } else { "types" }.to_owned())
}

fn numbered(package: &str, content: &Content, separator: char, used: &BTreeSet<String>) -> String {
    let stem = content.modules.first().map_or("types", |(name, _)| name.as_str());
    std::iter::once("lib".to_owned())
        .chain((2..).map(|n: u32| format!("lib{n}")))
        .map(|end| join(package, &format!("{stem}-{end}"), separator))
        .find(|name| !used.contains(name))
        .unwrap_or_default()
}

fn join(package: &str, suffix: &str, separator: char) -> String {
    let suffix = suffix.trim_start_matches("r#").trim_matches('_').to_lowercase();
    let suffix: String = suffix.chars().map(|c| if c == '_' || c == '-' { separator } else { c }).collect();
    format!("{package}{separator}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(modules: &[(&str, f64)], items: &[&str], foundation: bool) -> Content {
        Content {
            modules: modules.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect(),
            around: None,
            items: items.iter().map(|name| (*name).to_owned()).collect(),
            foundation,
        }
    }

    #[test]
    fn named_after_what_they_hold() {
        let cases: &[(&str, Content, &str)] = &[
            ("app", content(&[("billing", 0.9), ("tax", 0.1)], &[], false), "app-billing"),
            ("app", content(&[("billing", 0.4), ("tax", 0.3)], &[], true), "app-core"),
            ("app", content(&[("billing", 0.4), ("tax", 0.3)], &[], false), "app-billing"),
            ("app", content(&[], &["Error", "Result"], true), "app-error"),
            ("app", content(&[], &["Id", "Error", "Config"], true), "app-types"),
            ("my_app", content(&[("bit_util", 1.0)], &[], false), "my_app_bit_util"),
            ("my-app", content(&[("bit_util", 1.0)], &[], false), "my-app-bit-util"),
            ("app", content(&[("r#type", 1.0)], &[], false), "app-type"),
        ];
        for (package, content, expected) in cases {
            assert_eq!(names(package, std::slice::from_ref(content), &BTreeSet::new()), [*expected]);
        }
    }

    #[test]
    fn never_the_same_twice() {
        let twice = [content(&[("a", 0.4), ("b", 0.3)], &[], false), content(&[("a", 0.9)], &[], false)];
        assert_eq!(names("p", &twice, &BTreeSet::new()), ["p-a", "p-a-lib"]);
        let taken = BTreeSet::from(["p-a".to_owned()]);
        assert_eq!(names("p", &twice, &taken), ["p-a-b", "p-a-lib"]);
    }
}

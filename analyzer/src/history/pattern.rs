//! Patterns of CODEOWNERS, matched without backtracking over segments: a repository may write any.

/// Whose rules a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Those of `.gitignore`, except that `docs/*` means the files directly in `docs` (GitHub, "About code owners").
    GitHub,
    /// Without a slash in front a path may begin anywhere, whatever slashes it has; a directory has one at its end, and anything else
    /// is a file (GitLab, "Code Owners syntax": "Relative paths", "Directory paths").
    GitLab,
}

/// A pattern over paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    segments: Vec<String>,
    /// What every path begins with that it matches: most patterns are no more than that.
    start: String,
    /// Whether what it matches is meant with everything below; else it is exactly one level.
    below: bool,
}

/// Longer ones are no patterns: a choice, far above what anybody writes.
const MOST: usize = 1_000;

impl Pattern {
    /// `None` for what is none: empty, with `!` in front, or with `[ ]`.
    pub(super) fn new(text: &str, dialect: Dialect) -> Option<Self> {
        if text.is_empty() || text.len() > MOST || text.starts_with('!') || text.contains(['[', ']']) {
            return None;
        }
        let directory = text.ends_with('/');
        let plain = text.trim_matches('/');
        // On GitHub one with a slash within is meant from the top, too.
        let anchored = text.starts_with('/') || (dialect == Dialect::GitHub && plain.contains('/'));
        let mut segments: Vec<String> = plain.split('/').map(str::to_owned).collect();
        segments.dedup_by(|a, b| a == "**" && b == "**");
        if !anchored {
            segments.insert(0, "**".to_owned());
        }
        let one_level = match dialect {
            Dialect::GitHub => anchored && segments.last().is_some_and(|last| last == "*") && !directory,
            Dialect::GitLab => !directory && !matches!(text, "*" | "**"),
        };
        let literal = segments.iter().take_while(|segment| !segment.contains(['*', '?']));
        let start = literal.map(String::as_str).collect::<Vec<_>>().join("/");
        Some(Self { segments, start, below: !one_level })
    }

    /// Characters of it: a path of so many others is matched in no more than their product of steps.
    pub(super) fn len(&self) -> u64 {
        self.segments.iter().map(|segment| segment.len() as u64 + 1).sum()
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        path.starts_with(&self.start) && self.matches_all(path)
    }

    fn matches_all(&self, path: &str) -> bool {
        // Which positions of the path the pattern may have reached: after so many of its segments.
        let parts: Vec<&str> = path.split('/').collect();
        let mut at = vec![false; parts.len() + 1];
        at[0] = true;
        for segment in &self.segments {
            if segment == "**" {
                let first = at.iter().position(|&reached| reached).unwrap_or(at.len());
                at[first..].fill(true);
                continue;
            }
            let mut next = vec![false; at.len()];
            for (position, part) in parts.iter().enumerate() {
                next[position + 1] = at[position] && glob(segment, part);
            }
            at = next;
        }
        if self.below { at[1..].contains(&true) } else { at[parts.len()] }
    }
}

/// `*` and `?` within one segment, by going back to the last `*` only.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_gitignore_has_it_with_one_level_stars() {
        for (pattern, path, expected) in [
            ("*", "a/b", true),
            ("*.rs", "a/b.rs", true),
            ("*.rs", "a/b.rs.txt", false),
            ("/a", "a/b", true),
            ("/a", "c/a/b", false),
            ("a/", "c/a/b", true),
            ("a", "c/a", true),
            ("a/*", "a/b", true),
            ("a/*", "a/b/c", false),
            ("a/*/", "a/b/c", true),
            ("a/b", "x/a/b", false),
            ("**/a/b", "x/a/b/c", true),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
            ("a/**", "a/x/y", true),
            ("a/**", "b/x", false),
            ("/*", "a", true),
            ("/*", "a/b", false),
            ("a?c", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
        ] {
            let found = Pattern::new(pattern, Dialect::GitHub).unwrap();
            assert_eq!(found.matches(path), expected, "{pattern} {path}");
        }
        for none in ["", "!a", "a[bc]", &"x".repeat(1_001)] {
            assert_eq!(Pattern::new(none, Dialect::GitHub), None, "{none}");
        }
        let hostile = Pattern::new(&format!("{}b", "**/*a*".repeat(60)), Dialect::GitHub).unwrap();
        assert!(!hostile.matches(&"a/".repeat(300)));
    }

    #[test]
    fn as_gitlab_has_it() {
        for (pattern, path, expected) in [
            ("*", "a/b", true),
            ("*.rs", "a/b.rs", true),
            ("README.md", "docs/api/README.md", true),
            ("internal/README.md", "docs/internal/README.md", true),
            ("/internal/README.md", "docs/internal/README.md", false),
            ("internal/*.md", "docs/internal/x.md", true),
            ("internal/*.md", "docs/internal/deep/x.md", false),
            ("/docs/", "docs/a/b.md", true),
            ("/docs/*", "docs/a.md", true),
            ("/docs/*", "docs/a/b.md", false),
            ("/docs/**/*.md", "docs/a/b/c.md", true),
            ("/docs/**/*.md", "docs/c.md", true),
            ("lib/", "a/lib/b.rs", true),
            ("lib/", "lib/b/c.rs", true),
            // No slash at its end: a file.
            ("/docs", "docs/a.md", false),
            ("/docs", "docs", true),
        ] {
            let found = Pattern::new(pattern, Dialect::GitLab).unwrap();
            assert_eq!(found.matches(path), expected, "{pattern} {path}");
        }
    }
}

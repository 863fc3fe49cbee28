//! The role that arguments give a program.

use crate::deploy::evidence::commands::shell::Env;

/// Options that choose what a program is.
const CHOOSING: [&str; 12] = [
    "role",
    "roles",
    "mode",
    "service",
    "services",
    "component",
    "components",
    "run",
    "kind",
    "node-type",
    "process",
    "worker",
];

/// What of the arguments chooses a role: the subcommand, or an option that is named for it. `None` if nothing does.
pub(in crate::deploy::evidence) fn role(arguments: &[String]) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = arguments.iter().peekable();
    // The subcommand stands first; of two words, both.
    while let Some(word) = rest.next_if(|word| is_word(word) && found.len() < 2) {
        found.push(word.clone());
    }
    while let Some(word) = rest.next() {
        let Some(option) = word.strip_prefix("--") else { continue };
        let (name, own) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        if CHOOSING.contains(&name)
            && let Some(value) = own.or_else(|| rest.next().cloned()).filter(|value| is_word(value))
        {
            found.push(format!("--{name} {value}"));
        }
    }
    (!found.is_empty()).then(|| found.join(" "))
}

/// The variables of an environment that may choose a role, each with what it says: `ROLE=indexer`, `APP_MODE=worker`.
pub(in crate::deploy::evidence) fn variables(env: &Env) -> impl Iterator<Item = (&str, &str)> {
    let chooses = |name: &str| {
        let name = name.to_lowercase().replace('_', "-");
        CHOOSING.iter().any(|own| name.strip_suffix(own).is_some_and(|of| of.is_empty() || of.ends_with('-')))
    };
    let all = env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    all.filter(move |(name, value)| chooses(name) && is_word(value))
}

/// A word as subcommands are called: no path, address or file.
fn is_word(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.all(|c| c.is_alphanumeric() || "-_,".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_may_choose_a_role() {
        let all =
            ["ROLE=indexer", "APP_MODE=worker", "NODE_TYPE=full", "CONTROL=x", "SERVICE_URL=x", "MODE=/x"];
        let env: Env =
            all.iter().filter_map(|of| of.split_once('=')).map(|(a, b)| (a.into(), b.into())).collect();
        let found: Vec<String> = variables(&env).map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(found, ["APP_MODE=worker", "NODE_TYPE=full", "ROLE=indexer"]);
    }

    #[test]
    fn arguments_choose_a_role() {
        for (arguments, expected) in [
            ("", None),
            ("start-worker", Some("start-worker")),
            ("worker run --threads 4", Some("worker run")),
            ("--config x.toml serve", None),
            ("--listen-addr=0.0.0.0:1", None),
            ("run --service indexer", Some("run --service indexer")),
            ("--role=worker --port 1", Some("--role worker")),
            ("-D /data", None),
            ("/etc/app.toml", None),
            ("0.0.0.0:80", None),
        ] {
            let words: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
            assert_eq!(role(&words).as_deref(), expected, "{arguments}");
        }
    }
}

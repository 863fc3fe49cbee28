//! Files that say what is deployed: found by their names on the one walk, read within limits. What they mean is for `deploy` to
//! say; nothing of them is run.

use super::auxiliary::is_auxiliary_dir;
use super::model::Repository;
use crate::base::Refused;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// Bytes of one file: a choice. The largest Dockerfiles known have 70 kB, generated manifests some hundred.
const MOST_BYTES: u64 = 1 << 20;
/// Bytes of all of them.
const MOST_BYTES_IN_ALL: usize = 48 << 20;
/// Files, beyond which the rest is left out.
const MOST_FILES: usize = 10_000;

/// What the configuration is called; `config` says what may stand in it.
const CONFIGURATION: &str = "split-advisor.toml";

/// TOML files of cargo and of common tools: they say nothing of deployments.
const TOOLS: [&str; 22] = [
    "about",
    "audit",
    "cargo",
    "clippy",
    "cliff",
    "committed",
    "config",
    "cross",
    "deny",
    "dprint",
    "hakari",
    "nextest",
    "pyproject",
    "release-plz",
    "rust-toolchain",
    "rustfmt",
    "rustup",
    "split-advisor",
    "taplo",
    "tarpaulin",
    "typos",
    "xtask",
];

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DeploymentForm {
    /// A recipe of an image.
    Dockerfile,
    /// Docker Compose.
    Compose,
    /// A workflow of GitHub's.
    Workflow,
    /// A composite action of GitHub's.
    Action,
    /// A pipeline of GitLab's.
    Gitlab,
    /// YAML of any other kind: Kubernetes, Kustomize, SAM.
    Yaml,
    /// `Chart.yaml` and `values.yaml`.
    Helm,
    /// A template of a chart: no YAML.
    HelmTemplate,
    /// Bake.
    Hcl,
    /// Terraform.
    Terraform,
    /// A unit of systemd's.
    Systemd,
    /// Heroku and the like.
    Procfile,
    /// Fly.io.
    Fly,
    /// Recipes of just.
    Just,
    /// Recipes of make.
    Make,
    /// A shell script.
    Script,
    /// JSON, or TOML that is neither cargo's nor a tool's: lists of services.
    Lists,
    /// `split-advisor.toml`
    Configuration,
}

/// A file that may say what is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeploymentFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) form: DeploymentForm,
    pub(crate) text: String,
}

/// Folders of editors and assistants: their recipes are templates, or for one developer.
const OF_TOOLS: [&str; 12] = [
    ".agents",
    ".aider",
    ".claude",
    ".codex",
    ".cursor",
    ".devcontainer",
    ".gemini",
    ".goose",
    ".idea",
    ".vscode",
    ".windsurf",
    ".zed",
];

/// What a file of this path is; `None` for what says nothing of deployments.
pub(crate) fn form(path: &str) -> Option<DeploymentForm> {
    use DeploymentForm::*;
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    if path == CONFIGURATION {
        return Some(Configuration);
    }
    if path.split('/').any(|part| OF_TOOLS.contains(&part)) {
        return None;
    }
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let yaml = matches!(extension, "yml" | "yaml");
    let inside = |folder: &str| dir == folder || dir.starts_with(&format!("{folder}/"));
    let is_image = |word: &str| {
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])) || extension == word
    };
    if (is_image("dockerfile") || is_image("containerfile"))
        && !lower.ends_with("ignore")
        && extension != "md"
    {
        return Some(Dockerfile);
    }
    if yaml && inside(".github/workflows") {
        return Some(Workflow);
    }
    if yaml && stem == "action" {
        return Some(Action);
    }
    if yaml && (stem.ends_with("gitlab-ci") || inside(".gitlab")) {
        return Some(Gitlab);
    }
    if yaml && stem.contains("compose") {
        return Some(Compose);
    }
    let templates = dir.split('/').any(|part| part == "templates");
    match extension {
        "yml" | "yaml" if stem == "chart" || stem == "values" || stem.starts_with("values-") => Some(Helm),
        "yml" | "yaml" | "tpl" if templates => Some(HelmTemplate),
        "yml" | "yaml" => Some(Yaml),
        "hcl" => Some(Hcl),
        "tf" => Some(Terraform),
        "service" => Some(Systemd),
        "toml" if stem.starts_with("fly") => Some(Fly),
        "just" => Some(Just),
        "mk" => Some(Make),
        "sh" | "bash" => Some(Script),
        "json" if !matches!(stem, "package" | "package-lock" | "tsconfig") => Some(Lists),
        "toml" if !TOOLS.contains(&stem.trim_start_matches('.')) => Some(Lists),
        _ if stem.starts_with("procfile") => Some(Procfile),
        _ => match lower.as_str() {
            "justfile" | ".justfile" => Some(Just),
            "makefile" | "gnumakefile" => Some(Make),
            "entrypoint" | "docker-entrypoint" => Some(Script),
            _ => None,
        },
    }
}

/// Whether an analysis reads a file of this path: sources, manifests, settings, and what may say what is deployed.
pub(crate) fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let settings = ["Cargo.lock", "rust-toolchain", "config", "CODEOWNERS", ".gitignore", ".ignore"];
    name.ends_with(".rs") || name.ends_with(".toml") || settings.contains(&name) || form(path).is_some()
}

/// Reads the files that the walk has found. What can't be read is a diagnostic; so is what is too much.
pub(crate) fn deployment_files(repository: &Repository) -> (Vec<DeploymentFile>, Vec<Diagnostic>) {
    let (mut files, mut diagnostics) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for path in &repository.deployment_files {
        let Some(form) = form(path) else { continue };
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        // These are named by nothing but their extension: what tests read is no deployment.
        let vague = matches!(form, DeploymentForm::Yaml | DeploymentForm::Lists);
        if vague && is_auxiliary_dir(dir) {
            continue;
        }
        if files.len() >= MOST_FILES || bytes >= MOST_BYTES_IN_ALL {
            let message = "more files that may say what is deployed than are read: the rest is left out";
            diagnostics
                .push(Diagnostic::new(Severity::Warning, Code::LimitReached, message).at(path.clone()));
            break;
        }
        match repository.files.read_text_within(&repository.root.join(path), MOST_BYTES) {
            Ok(text) if says_something(form, &text) => {
                bytes += text.len();
                files.push(DeploymentFile { path: path.clone(), form, text });
            }
            Ok(_) => {}
            // Large data, or links to nothing: only what is a deployment file by its name is missed.
            Err(Refused::TooLarge(_) | Refused::Absent) if vague => {}
            Err(refused) => diagnostics.push(refused.diagnostic(Severity::Warning).at(path.clone())),
        }
    }
    (files, diagnostics)
}

/// Whether a look at the words is enough to see that a file is none of those that are understood.
fn says_something(form: DeploymentForm, text: &str) -> bool {
    match form {
        DeploymentForm::Yaml => {
            (text.contains("apiVersion:") && text.contains("kind:"))
                || ["newName:", "namePrefix:", "nameSuffix:", "resources:", "bases:"]
                    .iter()
                    .any(|key| text.contains(key))
                || text.contains("AWS::")
                || text.contains("rust")
        }
        DeploymentForm::Lists => text.contains(['[', '{']) && text.len() < (256 << 10),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::DeploymentForm::*;
    use super::*;

    #[test]
    fn names_say_what_files_are() {
        for (path, expected) in [
            ("Dockerfile", Some(Dockerfile)),
            ("docker/web/Dockerfile.release", Some(Dockerfile)),
            ("docker/web.Dockerfile", Some(Dockerfile)),
            ("Containerfile", Some(Dockerfile)),
            ("Dockerfile-dev", Some(Dockerfile)),
            (".agents/skills/image/Dockerfile", None),
            (".devcontainer/docker-compose.yml", None),
            (".dockerignore", None),
            ("web.Dockerfile.dockerignore", None),
            ("dockerfile.md", None),
            ("docker-compose.yml", Some(Compose)),
            ("compose.prod.yaml", Some(Compose)),
            (".github/workflows/ci.yml", Some(Workflow)),
            (".github/actions/build/action.yml", Some(Action)),
            (".gitlab-ci.yml", Some(Gitlab)),
            ("k8s/web.yaml", Some(Yaml)),
            ("chart/Chart.yaml", Some(Helm)),
            ("chart/values-prod.yaml", Some(Helm)),
            ("chart/templates/deployment.yaml", Some(HelmTemplate)),
            ("docker-bake.hcl", Some(Hcl)),
            ("infra/main.tf", Some(Terraform)),
            ("deploy/web.service", Some(Systemd)),
            ("Procfile", Some(Procfile)),
            ("fly.web.toml", Some(Fly)),
            ("Justfile", Some(Just)),
            ("Makefile", Some(Make)),
            ("docker/entrypoint.sh", Some(Script)),
            ("ci/services.json", Some(Lists)),
            ("package-manifest.toml", Some(Lists)),
            (".rustfmt.toml", None),
            ("package.json", None),
            ("src/main.rs", None),
            ("Cargo.toml", None),
            ("split-advisor.toml", Some(Configuration)),
            ("sub/split-advisor.toml", None),
        ] {
            assert_eq!(form(path), expected, "{path}");
        }
    }
}

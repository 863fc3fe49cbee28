//! What `--help` shows below the options: examples, and what they leave to be said.

pub(crate) const EXIT_CODES: &str = "Exit codes: 0 done; 1 a gate failed (check), or something is left of a plan (apply); 2 could not do it, or a bug left part of it out; 130 stopped by a signal.";

pub(crate) const ANALYZE_EXAMPLES: &str = "\
Examples:
  split-advisor analyze                          this directory
  split-advisor analyze ../monorepo --jobs 16    builds on 16 cores
  split-advisor analyze --package server         one package, whatever its size
  split-advisor analyze --package server --crates 4
                                                 the best plan of four crates, whatever the verdict
  split-advisor analyze --format json            everything, for programs
  split-advisor analyze --out report             also report/report.json, report.md, summary.md, report.sarif,
                                                 metrics.txt and plan.toml
  split-advisor analyze --format markdown --summary
                                                 a comment for a pull request";

pub(crate) const GRAPH_EXAMPLES: &str = "\
Examples:
  split-advisor graph --level crate --format mermaid
  split-advisor graph --package server --depth 1 --format mermaid
                                                 the top-level modules of one package
  split-advisor graph --level module --format dot | dot -Tsvg > modules.svg
  split-advisor graph --level file | split-advisor cluster - --acyclic
  split-advisor graph --level file --unresolved  with the references that could not be followed";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  split-advisor explain --from server::orders --to server::billing
  split-advisor explain --from src/orders.rs --to billing::Invoice
  split-advisor explain ../monorepo --from server --to core --format json

A and B are modules (with everything below), items, files or packages. The end of a path will do where only
one thing has it. The answer is summed up by module; --all lists every reference, however many. Without a direct
reference the shortest chain of references is given.";

pub(crate) const CLUSTER_EXAMPLES: &str = "\
Examples:
  split-advisor cluster graph.json
  split-advisor cluster graph.json --acyclic --count 5
  split-advisor graph --level module | split-advisor cluster - --acyclic

GRAPH.json is {\"nodes\":[{\"id\",\"name\"}],\"edges\":[{\"from\",\"to\",\"weight\"}]}, edges from the dependent to the
dependency. The answer is {\"clusters\":[[\"id\",…],…],\"order\":[…],\"metrics\":{…}}; `order` lists cluster
indices, dependents before dependencies.";

pub(crate) const MEASURE_EXAMPLES: &str = "\
Examples:
  split-advisor measure                          cargo build, seconds to costs.json
  split-advisor measure --mode check --jobs 1    the seconds that predict other numbers of jobs best
  split-advisor measure --mode release -- --locked
  split-advisor measure --modules                also what each module costs
  split-advisor measure --dry-run                what would be run, and with which environment

This command builds the repository, and so runs its build scripts and procedural macros; no other command does.
It builds everything from nothing in a directory of its own; your target directory is not touched. A build that
fails or is stopped with Ctrl-C keeps what was measured.";

pub(crate) const SIMULATE_EXAMPLES: &str = "\
Examples:
  split-advisor simulate                         clean builds and edits with 1, 2, 4 and 8 jobs
  split-advisor simulate --jobs 4,64 --mode dev,release
  split-advisor simulate --costs costs.json      with the seconds that `measure` wrote
  split-advisor simulate --timings target/cargo-timings/cargo-timing.html
  split-advisor simulate --cache crate           with sccache, Nix and the like: what a change makes them compile
  split-advisor simulate ../monorepo --scenario cold --format json

After an edit: the mean over the crates by how many commits touched them, rebuilt incrementally.";

pub(crate) const WHAT_IF_EXAMPLES: &str = "\
Examples:
  split-advisor what-if --plan plan.toml
  split-advisor what-if ../monorepo --plan plan.toml --jobs 2,16 --mode check
  split-advisor what-if --plan plan.toml --assume-cuts
                                                 as if what stands in the way had been cut first
  split-advisor what-if --plan plan.toml --format json | jq .refusals

plan.toml:
  [[crate]]
  name = \"shop-catalog\"           # the new package
  from = \"shop\"                   # the package it is taken from
  modules = [\"shop::catalog\"]     # each with everything below it
  items = [\"shop::Error\"]         # single items; a type takes along the impls beside it

What no crate takes stays in the package, which re-exports the others. A plan that can't be done (a cycle between
crates, an impl that the orphan rule doesn't allow, a name that means nothing) is refused with each reason and its
file and line, and exit code 2.";

pub(crate) const AFFECTED_EXAMPLES: &str = "\
Examples:
  split-advisor affected --since origin/main     of this branch
  split-advisor affected --since HEAD~1 --direct of the last commit
  split-advisor affected --since origin/main --format names | xargs -r -n1 cargo test -p
  split-advisor affected --since origin/main --format github-matrix --jobs 20 >> matrix.json
  split-advisor affected --since origin/main --ignore /.github/ --ignore /Makefile

What is not committed plays no part. Manifests and lock files are compared by what they say. A file in no package that
nothing names counts for every package, unless it is a document; --ignore says otherwise. A commit that isn't there, or
has none in common with HEAD, is an error (2) that says what to fetch.";

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  split-advisor check                            by split-advisor.toml and the baseline
  split-advisor check --accept \"before the gate\"  let pass what is there today
  split-advisor check --prune                    take out of the baseline what is gone
  split-advisor check --out report               also all files of analyze, check.json, check.md and junit.xml
  split-advisor check --format github            annotations of a GitHub workflow

What is in the baseline passes, by its items: lines may move. What is new fails with its file and line, and exit code 1.
Where too little was read to say so, the check is degraded, and fails unless --allow-degraded is given.";

pub(crate) const DIFF_EXAMPLES: &str = "\
Examples:
  split-advisor diff old/report.json new/report.json
  split-advisor diff origin/main HEAD            two commits, each analysed from its files
  split-advisor diff old/report.json HEAD --format markdown

OLD and NEW are reports that `analyze --out` wrote, or commits of the repository at --path. Of a commit the files are read
as git keeps them, and no hook or filter is run. What a commit rebuilds and deploys again is of the same commits for both: the
latest up to the newest that OLD and NEW have in common, with files as each calls them by then.";

pub(crate) const TREND_EXAMPLES: &str = "\
Examples:
  split-advisor trend reports/*/report.json
  split-advisor trend reports/*/report.json --format html > trend.html
                                                 a page with a chart for each figure
  split-advisor trend old.json new.json --format openmetrics
  split-advisor trend reports/*.json --mode check --format markdown";

pub(crate) const INIT_EXAMPLES: &str = "\
Examples:
  split-advisor init                             writes split-advisor.toml, every key commented out
  split-advisor init ../monorepo --force         in the place of the one that is there";

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  split-advisor completions bash > ~/.local/share/bash-completion/completions/split-advisor
  split-advisor completions zsh > \"${fpath[1]}/_split-advisor\"
  split-advisor completions fish > ~/.config/fish/completions/split-advisor.fish
  split-advisor completions powershell >> $PROFILE";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  split-advisor man check | man -l -             one page, at once
  split-advisor man --out ~/.local/share/man/man1
                                                 all of them: then `man split-advisor-check`";

pub(crate) const SERVICES_EXAMPLES: &str = "\
Examples:
  split-advisor services                         what is deployed, and what says so
  split-advisor services --format json | jq '.deployables[].name'
  split-advisor services --since origin/main     which of it this branch affects
  split-advisor services --since origin/main --format github-matrix >> matrix.json

Read are Dockerfiles, Compose, GitHub's and GitLab's workflows, Kubernetes manifests, Bake and Terraform, systemd units,
Procfile, fly.toml, justfiles and Makefiles. Nothing of them is run. What is not understood is counted on stderr.";

pub(crate) const APPLY_EXAMPLES: &str = "\
Examples:
  split-advisor analyze --out report && split-advisor apply --plan report/plan.toml
                                                 the recommended plan, as a branch in a working tree beside the repository
  split-advisor apply --plan plan.toml --crate server-billing
                                                 one crate of it
  split-advisor apply --plan plan.toml --dry-run | less
                                                 the changes, uncompiled
  split-advisor apply --plan plan.toml --patch split.patch

Exit code 1: something of the plan is left for people, or does not compile; all of it is listed. What is checked out is
untouched, but with --in-place.";

pub(crate) const VERIFY_EXAMPLES: &str = "\
Examples:
  split-advisor verify --plan report/plan.toml   clean builds and edits, three times each
  split-advisor verify --plan plan.toml --mode check --runs 5
  split-advisor verify --plan plan.toml --edit src/orders.rs --target-dir /tmp/verify -- --offline

The plan is carried out in a working tree of its own, as by apply; that and one as it was are built in turn, and go in the
end. The prediction rests on one build before, with one job. Let nothing else run.";

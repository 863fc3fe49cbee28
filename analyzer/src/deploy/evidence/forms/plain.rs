//! Files of lines: units of systemd, Procfiles, fly.toml.

use crate::deploy::evidence::commands::shell::{Command, Env, Shell, joined};
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageBuild, ImageOf, Place, ProgramStart};

/// `ExecStart=` of a unit, which is called like its file.
pub(in crate::deploy::evidence) fn systemd(path: &str, text: &str, found: &mut Findings) {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".service").trim_end_matches('@');
    let mut env = Env::new();
    for (line, text) in (1_u32..).zip(text.lines()) {
        if let Some((name, value)) =
            text.strip_prefix("Environment=").and_then(|rest| rest.trim_matches('"').split_once('='))
        {
            env.insert(name.to_owned(), value.to_owned());
        }
        let Some(started) = text.strip_prefix("ExecStart=") else { continue };
        // Prefixes say how it is run.
        let started = started.trim().trim_start_matches(['@', '-', ':', '+', '!']);
        for command in read(started, line, &env) {
            found.programs.push(ProgramStart {
                place: Place::new(path, line),
                what: format!("systemd unit {name}: {started}"),
                service: Some(name.to_owned()),
                command,
            });
        }
    }
}

/// `process: command`
pub(in crate::deploy::evidence) fn procfile(path: &str, text: &str, found: &mut Findings) {
    for (line, text) in (1_u32..).zip(text.lines()) {
        let Some((process, started)) = text.split_once(':').filter(|_| !text.starts_with('#')) else {
            continue;
        };
        for command in read(started.trim(), line, &Env::new()) {
            found.programs.push(ProgramStart {
                place: Place::new(path, line),
                what: format!("process {process}: {}", started.trim()),
                service: Some(process.trim().to_owned()),
                command,
            });
        }
    }
}

/// The app with its Dockerfile and processes.
pub(in crate::deploy::evidence) fn fly(path: &str, text: &str, found: &mut Findings) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let line =
                error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            found.broken(path, u32::try_from(line).unwrap_or(u32::MAX), error.message());
            return;
        }
    };
    let Some(app) = table.get("app").and_then(toml::Value::as_str) else { return };
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let line_of = |word: &str| {
        let at = text.lines().position(|line| line.trim_start().starts_with(word));
        u32::try_from(at.map_or(1, |at| at + 1)).unwrap_or(u32::MAX)
    };
    let build = table.get("build").and_then(toml::Value::as_table);
    let value = |key: &str| build.and_then(|build| build.get(key)?.as_str());
    let args = build.and_then(|build| build.get("args")?.as_table());
    let args = args
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let image = match value("image") {
        Some(image) => ImageOf::Named(image.to_owned()),
        None => {
            found.image_builds.push(ImageBuild {
                place: Place::new(path, line_of("[build")),
                what: format!("fly app {app}"),
                dockerfile: joined(Some(dir), value("dockerfile").unwrap_or("Dockerfile"))
                    .unwrap_or_default(),
                context: dir.to_owned(),
                target: value("build-target").map(str::to_owned),
                args: args.collect(),
                images: Vec::new(),
                chosen: Vec::new(),
            });
            ImageOf::Built(found.image_builds.len() - 1)
        }
    };
    let start = |service: String, what: String, line: u32, command: Option<Vec<String>>| ContainerStart {
        place: Place::new(path, line),
        what,
        service,
        image: image.clone(),
        entrypoint: None,
        command,
        env: Env::new(),
    };
    let processes = table.get("processes").and_then(toml::Value::as_table);
    match processes.filter(|processes| !processes.is_empty()) {
        None => found.starts.push(start(app.to_owned(), format!("fly app {app}"), line_of("app"), None)),
        Some(processes) => {
            for (process, command) in processes {
                let words = command.as_str().and_then(|text| read(text, 1, &Env::new()).into_iter().next());
                let what = format!("fly process {process} of {app}");
                found.starts.push(start(
                    format!("{app} {process}"),
                    what,
                    line_of(process),
                    words.map(|c| c.words),
                ));
            }
        }
    }
}

fn read(text: &str, line: u32, env: &Env) -> Vec<Command> {
    Shell { env: env.clone(), dir: Some(String::new()), line, ..Shell::default() }.read(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_start_programs() {
        let mut found = Findings::default();
        systemd(
            "deploy/web@.service",
            "[Service]\nEnvironment=\"A=b\"\nExecStart=-/usr/bin/web --a $A\n",
            &mut found,
        );
        procfile("Procfile", "# x\nweb: ./target/release/web serve\nrelease: migrate up\n", &mut found);
        let all: Vec<_> = found
            .programs
            .iter()
            .map(|p| {
                format!(
                    "{:?} {} {}",
                    p.service.as_deref().unwrap_or(""),
                    p.place.line,
                    p.command.words.join(" ")
                )
            })
            .collect();
        assert_eq!(
            all,
            [
                "\"web\" 3 /usr/bin/web --a b",
                "\"web\" 2 ./target/release/web serve",
                "\"release\" 3 migrate up"
            ]
        );
    }

    #[test]
    fn an_app_has_processes() {
        let mut found = Findings::default();
        let text = "app = 'shop'\n[build]\ndockerfile = 'Dockerfile.fly'\n[build.args]\nBIN = 'web'\n[processes]\napp = 'web serve'\nworker = 'web work'\n";
        fly("ops/fly.toml", text, &mut found);
        assert_eq!(found.image_builds[0].dockerfile, "ops/Dockerfile.fly");
        assert_eq!(found.image_builds[0].args, Env::from([("BIN".into(), "web".into())]));
        let starts: Vec<_> =
            found.starts.iter().map(|s| (s.service.as_str(), s.command.clone().unwrap().join(" "))).collect();
        assert_eq!(starts, [("shop app", "web serve".to_owned()), ("shop worker", "web work".to_owned())]);
        fly("fly.toml", "app = \n", &mut found);
        assert_eq!(found.diagnostics[0].line, Some(1));
    }
}

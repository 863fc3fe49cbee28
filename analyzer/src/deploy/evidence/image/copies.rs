//! Files that are copied into an image, and within it: `COPY`, `cp`, `mv`, `ln`, `install`.

use super::super::commands::shell::{is_known, joined, tidy};
use super::super::forms::dockerfile::Recipe;
use super::super::model::Place;
use super::super::programs::built_at;
use super::{Evaluation, Image, ProgramFile, base, shown};

impl Evaluation<'_> {
    /// `COPY`.
    pub(super) fn copy(
        &self,
        from: Option<&str>,
        source: &str,
        (to, several): (&str, bool),
        place: &Place,
        (recipe, done): (&Recipe, &[Image]),
        image: &mut Image,
    ) {
        let what = match from {
            Some(from) => shown(&["COPY".into(), format!("--from={from}"), source.into(), to.into()]),
            None => shown(&["COPY".into(), source.into(), to.into()]),
        };
        let Some(from) = from else {
            self.copy_context(source, (to, several), (place, &what), image);
            return;
        };
        let other = self.image(from, recipe, done);
        let cargo = other.is_none_or(|other| other.cargo);
        let files = other.map(|other| found_at(other, source)).unwrap_or_default();
        if files.is_empty() {
            let one = self
                .programs
                .one(base(source), self.context)
                .or_else(|| self.programs.one(base(to), self.context));
            if let Some(target) = one.filter(|_| cargo || built_at(source).is_some()) {
                let file = ProgramFile {
                    target,
                    chosen: true,
                    link: false,
                    place: place.clone(),
                    what: what.clone(),
                };
                place_file(image, base(source), file, (to, several));
            }
        }
        for (name, file, itself) in files {
            let file = if itself {
                ProgramFile { chosen: true, place: place.clone(), what: what.clone(), ..file }
            } else {
                file
            };
            place_file(image, &name, file, (to, several || !itself));
        }
        // Sources that were copied into one stage are copied on.
        if let Some(other) = other
            && let Some(inside) = other.in_repository(source)
            && let Some(to) = joined(Some(&image.dir), to)
        {
            image.mounts.push((to, inside));
        }
    }

    /// From the build context: sources, scripts, or programs that were built elsewhere.
    fn copy_context(
        &self,
        source: &str,
        (to, several): (&str, bool),
        (place, what): (&Place, &str),
        image: &mut Image,
    ) {
        let program = |target| ProgramFile {
            target,
            chosen: true,
            link: false,
            place: place.clone(),
            what: what.to_owned(),
        };
        let inside = joined(Some(self.context), source.trim_start_matches('/'));
        let Some(inside) = inside.filter(|_| !source.contains('*')) else {
            // `COPY ${PREBUILT} /out/web`
            if let Some(target) = self.programs.one(base(to), self.context).filter(|_| !is_known(source)) {
                place_file(image, base(to), program(target), (to, several));
            }
            return;
        };
        let Some(at) = joined(Some(&image.dir), to) else { return };
        // A name alone may be anything: it is a program where programs go.
        let goes = built_at(source).is_some() || at.ends_with("bin") || base(&at) == base(source);
        if let Some(target) = self.programs.one(base(source), self.context).filter(|_| goes)
            && !self.programs.holds_sources(&inside)
            && self.scripts.text(&inside).is_none()
        {
            place_file(image, base(source), program(target), (to, several));
            return;
        }
        let is_file = self.scripts.text(&inside).is_some();
        if is_file {
            image.mounts.push((format!("{}/{}", at.trim_end_matches('/'), base(source)), inside.clone()));
        }
        image.mounts.push((at, inside));
    }

    /// `cp` and the like, within the container.
    pub(super) fn move_file(
        &self,
        (source, link): (&str, bool),
        (to, several): (&str, bool),
        dir: Option<&str>,
        place: &Place,
        image: &mut Image,
    ) {
        let what = shown(&["cp".into(), source.into(), to.into()]);
        let whole = joined(dir, source).unwrap_or_else(|| source.to_owned());
        let files = found_at(image, &whole);
        let to = joined(dir, to)
            .map_or_else(|| to.to_owned(), |path| if to.ends_with('/') { path + "/" } else { path });
        if files.is_empty()
            && let Some(name) = built_at(source)
            && let Some(target) = self.programs.one(name, self.context)
        {
            let file = ProgramFile { target, chosen: true, link, place: place.clone(), what };
            place_file(image, name, file, (&to, several));
            return;
        }
        for (name, file, itself) in files {
            let file =
                ProgramFile { chosen: file.chosen || itself, link: file.link || (link && itself), ..file };
            place_file(image, &name, file, (&to, several || !itself));
        }
    }
}

/// The programs that a path means: by the path, as a directory of them, or by name. With each whether it is meant itself.
fn found_at(image: &Image, source: &str) -> Vec<(String, ProgramFile, bool)> {
    let path =
        joined(Some(if image.dir.is_empty() { "/" } else { &image.dir }), source.trim_end_matches('*'));
    let path = path.unwrap_or_else(|| tidy(source));
    if let Some(file) = image.files.get(&path).filter(|_| !source.ends_with('*')) {
        return vec![(base(&path).to_owned(), file.clone(), true)];
    }
    let name = base(source);
    let named = image.files.iter().find(|(at, _)| base(at) == name && !name.contains('*'));
    if let Some((at, file)) = named {
        return vec![(base(at).to_owned(), file.clone(), true)];
    }
    let of_builds = path.contains("/target/") || path.ends_with("/target");
    let inside =
        |at: &str| at.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/') || path == "/");
    let below = image.files.iter().filter(|(at, _)| inside(at) || (of_builds && at.contains("/target/")));
    below.map(|(at, file)| (base(at).to_owned(), file.clone(), false)).collect()
}

/// Puts a file where a copy leads: a path may be its new name, or a directory for it.
fn place_file(image: &mut Image, name: &str, file: ProgramFile, (to, several): (&str, bool)) {
    let Some(at) = joined(Some(&image.dir), to) else { return };
    let is_dir = to.ends_with('/') || several || to == "." || to == "./" || at.ends_with("bin") || at == "/";
    if !is_dir {
        image.put(at.clone(), file.clone());
        if base(&at) == name {
            return;
        }
    }
    image.put(format!("{}/{name}", at.trim_end_matches('/')), file);
}

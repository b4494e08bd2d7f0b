//! `winshm ls`: every object, in one table.

use crate::cli::{ListedKind, Ls, Order};
use crate::failure::{DONE, Failure, Outcome};
use crate::interrupt::Interrupts;
use crate::json;
use crate::listing::document::Listing;
use crate::listing::table::{self, Cell, Column, Cut};
use crate::listing::{pattern, time, words};
use crate::look::{Look, Style};
use crate::screen::Screen;
use crate::text::{self, visible};
use crate::watch::ended_by;
use std::io::Write;
use std::time::Instant;
use winshm::catalog::{self, Catalog, Kind, Object, Wanted};

const COLUMNS: [Column; 6] = [
    Column { title: "KIND", is_number: false, cut: Cut::Never },
    Column { title: "NAME", is_number: false, cut: Cut::Middle(12) },
    Column { title: "SIZE", is_number: true, cut: Cut::Never },
    Column { title: "STATE", is_number: false, cut: Cut::End(10) },
    Column { title: "AGE", is_number: true, cut: Cut::Never },
    Column { title: "HELD BY", is_number: false, cut: Cut::End(10) },
];

pub fn run(args: Ls) -> Outcome {
    if args.watch {
        return watch(&args);
    }
    let catalog = read(&args);
    let code = complain(&catalog);
    print(&match args.json {
        true => json::pretty(&Listing::new(&catalog)),
        false => table(&catalog.objects, time::now_ns(), &Look::of_output()),
    })?;
    Ok(code)
}

/// All of a text.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    written.map_err(|error| Failure::os("standard output", error))
}

/// What could not be listed, on standard error: the rest is there. The exit code is of that.
fn complain(catalog: &Catalog) -> u8 {
    let mut code = DONE;
    for unread in &catalog.unread {
        let failure = Failure::windows(unread.path.display().to_string(), unread.error);
        code = failure.exit_code();
        let failure = failure.advise("its objects are not listed; `winshm doctor` says more");
        text::complain(&failure.to_string());
    }
    code
}

/// What is wanted of it, in the order that is wanted.
fn read(args: &Ls) -> Catalog {
    let wants = |kind| args.kind.contains(&kind);
    let segments = args.all || wants(ListedKind::Posix) || wants(ListedKind::Sysv);
    let fits = |object: &Object| {
        let is_kind = args.kind.is_empty() || args.kind.iter().any(|kind| kind_of(*kind) == object.kind);
        let name = words::name(object);
        is_kind
            && (args.patterns.is_empty() || args.patterns.iter().any(|wanted| pattern::fits(wanted, &name)))
    };
    let mut catalog = catalog::read_those(Wanted { segments, ..Wanted::default() }, fits);
    sort(&mut catalog.objects, args.sort);
    if args.reverse {
        catalog.objects.reverse();
    }
    catalog
}

fn kind_of(kind: ListedKind) -> Kind {
    match kind {
        ListedKind::Section => Kind::Section,
        ListedKind::Event => Kind::Event,
        ListedKind::Mutex => Kind::Mutex,
        ListedKind::Semaphore => Kind::Semaphore,
        ListedKind::Timer => Kind::Timer,
        ListedKind::Posix => Kind::Posix,
        ListedKind::Sysv => Kind::SystemV,
        ListedKind::Unknown => Kind::Unknown,
    }
}

fn sort(objects: &mut [Object], order: Order) {
    objects.sort_by_cached_key(|object| {
        let by_number = match order {
            Order::Name => 0,
            Order::Kind => object.kind as u64,
            Order::Size => u64::MAX - object.size.unwrap_or(0),
            Order::Age => u64::MAX - words::made_at(object).unwrap_or(0),
            Order::Holders => u64::MAX - object.holders.len() as u64,
        };
        // Segments of the system come behind the objects.
        let is_system = order == Order::Name && matches!(object.kind, Kind::Posix | Kind::SystemV);
        (is_system, by_number, words::name(object))
    });
}

/// A table with a line for each object.
fn table(objects: &[Object], now_ns: u64, look: &Look) -> String {
    if objects.is_empty() {
        return "no objects\n".into();
    }
    let row = |object: &Object| {
        let (state, style) = words::state(object);
        vec![
            Cell::new(words::kind(object), Style::Plain),
            Cell::new(words::name(object), Style::Plain),
            Cell::new(object.size.map_or(String::new(), words::size), Style::Plain),
            Cell::new(state, style),
            Cell::new(words::age(object, now_ns), Style::Faint),
            Cell::new(words::holders(object), Style::Plain),
        ]
    };
    table::render(&COLUMNS, &objects.iter().map(row).collect::<Vec<_>>(), look)
}

/// The list again and again: on a terminal in one place, else one after the other.
fn watch(args: &Ls) -> Outcome {
    let interrupts = Interrupts::note()?;
    let screen = if args.json { None } else { Screen::enter() };
    if screen.is_some() {
        interrupts.note_terminal()?;
    }
    let mut number = 0;
    loop {
        number += 1;
        let catalog = read(args);
        let show = || match &screen {
            _ if args.json => print(&json::line(&Listing::new(&catalog))),
            Some(screen) => {
                screen.show(&picture(args, &catalog).lines().map(str::to_string).collect::<Vec<_>>());
                Ok(())
            }
            None => print(&format!("{}{}", if number > 1 { "\n" } else { "" }, picture(args, &catalog))),
        };
        show()?;
        if args.count == Some(number) {
            return Ok(DONE);
        }
        let began = Instant::now();
        while interrupts.wait_for(Some(args.interval.saturating_sub(began.elapsed())))? {
            if let Some(signal) = interrupts.ending() {
                return Ok(ended_by(signal));
            }
            if let Some(screen) = &screen {
                if interrupts.is_to_stop() {
                    screen.stop();
                }
                // Perhaps in another size.
                show()?;
            }
        }
    }
}

/// The table below a line that says when it was so.
fn picture(args: &Ls, catalog: &Catalog) -> String {
    let (now, look) = (time::now_ns(), Look::of_output());
    let objects = catalog.objects.len();
    let (at, every) = (time::utc_seconds(now / 1_000_000_000), time::span(args.interval.as_nanos() as u64));
    let title = format!("{at}  {objects} {}, every {every}", if objects == 1 { "object" } else { "objects" });
    let unread = catalog.unread.iter().map(|unread| format!("not listed: {}", unread.path.display()));
    let unread = unread.map(|line| look.paint(Style::Bad, &visible(&line)) + "\n").collect::<String>();
    format!("{}\n{unread}{}", look.paint(Style::Faint, &title), table(&catalog.objects, now, &look))
}

//! Fault points: where a test build lets a test act.
//!
//! * `call(NAME, || ...)` stands around a system call that other processes can notice,
//!   or that can fail for want of something. It is two points, *before* and *after*, and
//!   before it a test may have the call fail with an errno in place of being made. NAME
//!   is `call: where`, as `openat: list`; no two places share one.
//! * `stored(NAME)` stands after a store to memory or state that other processes see.
//!   Between two points nothing shared changes, so that what a kill before a store
//!   leaves is what a kill after the store or call before leaves.
//! * `step(NUMBER)` is the same in `sync`, whose steps have numbers.
//!
//! What happens at a point is decided by `HOOK`, which `deeds::enlist` sets. Without
//! tests all of them are nothing, and the names are not in the library.

#[cfg(test)]
pub use self::on::*;

/// A system call, between two fault points.
#[cfg(not(test))]
#[inline(always)]
pub fn call<T>(_name: &'static str, make: impl FnOnce() -> T) -> T {
    make()
}

/// A store that other processes see has happened.
#[cfg(not(test))]
#[inline(always)]
pub const fn stored(_name: &'static str) {}

/// A step of `sync` has happened.
#[cfg(not(test))]
#[inline(always)]
pub const fn step(_number: u32) {}

#[cfg(test)]
mod on {
    use crate::error::Error;
    use nix::errno::Errno;
    use std::collections::BTreeSet;
    use std::sync::OnceLock;

    /// Where a thread is.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Point {
        Step(u32),
        Before(&'static str),
        After(&'static str),
        Stored(&'static str),
    }

    impl Point {
        /// The name that stands in the source.
        pub fn name(self) -> &'static str {
            match self {
                Point::Step(_) => "",
                Point::Before(name) | Point::After(name) | Point::Stored(name) => name,
            }
        }
    }

    /// Called at every point, in test programs that set it. An errno is what the call
    /// fails with that was to be made next. It must not use `sys`, which would come here.
    pub static HOOK: OnceLock<fn(Point) -> Option<i32>> = OnceLock::new();

    fn reach(point: Point) -> Option<i32> {
        let hook = HOOK.get()?;
        let errno = Errno::last_raw();
        let answer = hook(point);
        Errno::set_raw(errno);
        answer
    }

    /// The result of a system call that failed.
    pub trait Failed {
        fn failed(errno: i32) -> Self;
    }

    macro_rules! negative {
        ($($type:ty)*) => {
            $(impl Failed for $type {
                fn failed(errno: i32) -> Self {
                    Errno::set_raw(errno);
                    -1
                }
            })*
        };
    }
    negative!(i32 i64 isize);

    impl Failed for *mut std::ffi::c_void {
        fn failed(errno: i32) -> Self {
            Errno::set_raw(errno);
            libc::MAP_FAILED
        }
    }

    impl<T> Failed for nix::Result<T> {
        fn failed(errno: i32) -> Self {
            Err(Errno::from_raw(errno))
        }
    }

    impl<T> Failed for Result<T, Error> {
        fn failed(errno: i32) -> Self {
            Err(Error::Os(errno))
        }
    }

    impl<T> Failed for std::io::Result<T> {
        fn failed(errno: i32) -> Self {
            Err(std::io::Error::from_raw_os_error(errno))
        }
    }

    /// A system call, between two fault points.
    pub fn call<T: Failed>(name: &'static str, make: impl FnOnce() -> T) -> T {
        if let Some(errno) = reach(Point::Before(name)) {
            return T::failed(errno);
        }
        let result = make();
        reach(Point::After(name));
        result
    }

    /// A store that other processes see has happened.
    pub fn stored(name: &'static str) {
        reach(Point::Stored(name));
    }

    /// A step of `sync` has happened.
    pub fn step(number: u32) {
        reach(Point::Step(number));
    }

    /// The names of all points that the sources of the library have, but for steps.
    pub fn names_in_sources() -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (file, text) in sources() {
            for name in names_in(&text) {
                assert!(names.insert(name.clone()), "{name} in {file} is a second point of that name");
            }
        }
        names
    }

    /// The source files with their text, tests at the end left out.
    fn sources() -> Vec<(String, String)> {
        let (mut folders, mut found) = (vec![std::path::PathBuf::from("src")], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                    found.push((path.display().to_string(), code));
                }
            }
        }
        // The tool is a program of its own.
        let is_library =
            |file: &str| !["src/plant/", "src/faults/", "src/bin/"].iter().any(|no| file.starts_with(no));
        found.retain(|(file, _)| is_library(file));
        found
    }

    /// The functions of `sys` that take a point's name beside `call` itself.
    const TAKERS: [&str; 7] = ["call(", "retry(", "settle(", "set(", "transfer(", "close(", "stored("];

    fn names_in(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        for taker in TAKERS {
            for (place, _) in text.match_indices(taker) {
                if let Some(rest) = text[place + taker.len()..].trim_start().strip_prefix('"') {
                    names.push(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
        names
    }

    /// Calls that have no point: no other process notices them and they do not fail, or
    /// they only ask about this process or its thread. What glibc does by itself
    /// (threads, the heap, the linker) is not ours to interrupt either.
    #[rustfmt::skip]
    const WITHOUT_POINT: &[&str] = &[
        // values, not calls
        "major", "minor", "makedev", "from_raw", "last",
        // about this process, its thread and the clock
        "gettid", "set_name", "geteuid", "getauxval", "sysconf", "sched_getaffinity", "sched_getcpu", "clock_gettime", "count",
        // its signals
        "SYS_rt_sigprocmask",
        "sigaction", "raise", "pthread_sigmask", "sigpending", "sigismember", "sigtimedwait",
        // glibc's own
        "__errno_location", "malloc", "calloc", "free", "malloc_usable_size", "dl_iterate_phdr", "dlopen", "dlsym", "dlclose", "atexit",
        "pthread_atfork", "pthread_key_create", "pthread_setspecific", "pthread_attr_init",
        "pthread_attr_setdetachstate", "pthread_attr_setstacksize", "pthread_attr_destroy",
        "posix_spawn_file_actions_init", "posix_spawn_file_actions_adddup2",
        "posix_spawn_file_actions_addclose", "posix_spawn_file_actions_addchdir_np",
        "posix_spawn_file_actions_destroy", "posix_spawnattr_init", "posix_spawnattr_setflags",
        "posix_spawnattr_destroy",
        "process_vm_readv",
        // does not return
        "_exit",
    ];

    #[test]
    fn every_system_call_stands_between_points() {
        let mut bare = Vec::new();
        let mut seen = 0;
        for (file, text) in sources().iter().filter(|(file, _)| file.starts_with("src/sys/")) {
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            for (place, made) in calls(&code) {
                // As far as the statement goes back.
                let before = &code[..place];
                let start = before.rfind([';', '{']).map_or(0, |start| start + 1);
                // `|| match ... {` and `unsafe {` are no statements.
                let start = before[..start].rfind(';').map_or(0, |start| start + 1);
                seen += 1;
                let covered = TAKERS.iter().any(|taker| before[start..].contains(taker))
                    || is_passed_on(&before[start..], &code[place..]);
                if !covered && !WITHOUT_POINT.contains(&made.as_str()) {
                    bare.push(format!("{file}: {made}"));
                }
            }
        }
        assert!(seen > 100, "{seen}");
        assert!(bare.is_empty(), "no point around {bare:#?}");
    }

    /// Whether a call is in a closure with a name, which `call` gets in what follows.
    fn is_passed_on(statement: &str, after: &str) -> bool {
        let name = statement.split("let ").last().unwrap_or_default().trim_start_matches("mut ");
        let Some((name, _)) = name.split_once(" = |") else { return false };
        let end = after.find("\n}\n").unwrap_or(after.len());
        let calls = after[..end].split("call(\"").skip(1);
        calls.filter_map(|call| call.lines().next()).any(|call| call.contains(name))
    }

    /// Where functions of libc, nix and std::fs are called, and which.
    fn calls(code: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for prefix in ["libc::", "nix::", "std::fs::", "File::open"] {
            for (place, _) in code.match_indices(prefix) {
                let rest = &code[place..];
                let end =
                    rest.find(|c: char| !(c.is_alphanumeric() || "_:".contains(c))).unwrap_or(rest.len());
                let (path, after) = rest.split_at(end);
                let last = path.rsplit("::").next().unwrap_or_default();
                let is_function = last.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
                if is_function && after.starts_with('(') {
                    // A call by number goes by the number.
                    let number = after[1..].trim_start().strip_prefix("libc::");
                    let number = number.filter(|_| last == "syscall").and_then(|rest| rest.split(',').next());
                    found.push((place, number.unwrap_or(last).to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn no_two_points_share_a_name() {
        let names = names_in_sources();
        assert!(names.len() > 80, "{}", names.len());
        let is_sound = |name: &String| name.len() < 60 && name.contains(": ");
        assert!(names.iter().all(is_sound), "{names:?}");
    }
}

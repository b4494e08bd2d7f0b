//! What surrounds the process: namespaces, sandboxes, the login manager, the
//! environment. Pure: texts of the system go in, findings come out.

use super::finding::Finding;
use super::mount::Mount;

/// The value of a field of /proc/self/status.
pub fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    let rest = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(rest.trim())
}

pub fn sandbox(status: &str) -> Finding {
    const NAME: &str = "seccomp";
    let filters = field(status, "Seccomp_filters").and_then(|text| text.parse().ok()).unwrap_or(1_u32);
    match field(status, "Seccomp") {
        Some("2") => Finding::ok(NAME, format!("{filters} filter(s); what they take away is named above")),
        Some("1") => Finding::problem(NAME, "strict mode")
            .follows("the library cannot work: only read, write and exit are allowed")
            .advice("start the program without it"),
        Some(_) => Finding::ok(NAME, "no filter"),
        None => Finding::ok(NAME, "not told by this kernel"),
    }
}

/// The links of /proc/self/ns: `pid:[4026531836]`.
pub fn namespaces(pid: Option<&str>, ipc: Option<&str>, mount: Option<&Mount>) -> Finding {
    const NAME: &str = "namespaces";
    // The kernel gives the first ones these numbers.
    let is_first = |link: Option<&str>, number: &str| link.is_none_or(|link| link.contains(number));
    let own: Vec<&str> = [("PID", is_first(pid, "4026531836")), ("IPC", is_first(ipc, "4026531839"))]
        .into_iter()
        .filter_map(|(kind, is_first)| (!is_first).then_some(kind))
        .collect();
    if own.is_empty() {
        return Finding::ok(NAME, "those of the machine");
    }
    let where_ = mount.map_or("/dev/shm".into(), |mount| String::from_utf8_lossy(&mount.point).into_owned());
    Finding::ok(NAME, format!("own ones ({}): a container", own.join(", ")))
        .follows("names are shared with those processes only that have the same /dev/shm, and System V segments with those of the same IPC namespace")
        .advice(format!(
            "to share names with another container, let both have the same {where_} (--ipc=host, --ipc=container:NAME, or a volume there)"
        ))
}

/// How /proc is mounted; None: it is not.
pub fn processes(proc: Option<&Mount>, is_root: bool) -> Finding {
    const NAME: &str = "proc";
    let Some(proc) = proc.filter(|mount| mount.kind == "proc") else {
        return Finding::problem(NAME, "/proc is not mounted")
            .follows("files without a name cannot be opened a second time: inherited handles and POSIX segments fail, and nobody can be told as holder of an object")
            .advice("as root: mount -t proc proc /proc");
    };
    match proc.value("hidepid") {
        Some(level @ ("1" | "2" | "4" | "noaccess" | "invisible" | "ptraceable")) if !is_root => {
            Finding::warning(NAME, format!("mounted with hidepid={level}"))
                .follows("`winshm ls` and `winshm show` cannot tell the processes of other users, nor what these hold")
                .advice("ask as root, or as a member of the group that gid= of the mount names")
        }
        _ if is_root => Finding::ok(NAME, "root sees the holders of all objects"),
        _ => Finding::ok(NAME, "your own processes are seen as holders; those of other users only by root"),
    }
}

/// The user, for the login manager.
pub struct User<'a> {
    pub name: Option<&'a str>,
    pub id: u32,
    pub lingers: bool,
}

/// Users below it are the system's; systemd-logind spares them.
const FIRST_OF_PEOPLE: u32 = 1000;

/// What systemd-logind deletes at the end of a session. `files` are its configuration
/// files in the order in which they count; None: it does not run.
pub fn login_manager(files: Option<&[String]>, user: &User) -> Finding {
    const NAME: &str = "remove-ipc";
    let Some(files) = files else { return Finding::ok(NAME, "systemd-logind does not run") };
    if !removes(files) {
        return Finding::ok(NAME, "RemoveIPC=no");
    }
    if user.id < FIRST_OF_PEOPLE {
        return Finding::ok(NAME, "RemoveIPC=yes, which spares root and users of the system");
    }
    if user.lingers {
        return Finding::ok(NAME, "RemoveIPC=yes, which spares users who linger");
    }
    Finding::warning(NAME, "RemoveIPC=yes")
        .follows("when your last session ends, systemd-logind deletes your files in /dev/shm: processes that go on keep what they hold, newcomers do not find the names")
        .advice(format!(
            "loginctl enable-linger {}, or RemoveIPC=no in /etc/systemd/logind.conf",
            user.name.unwrap_or("USER")
        ))
}

fn removes(files: &[String]) -> bool {
    let mut said = files.iter().flat_map(|file| file.lines()).filter_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        (key.trim() == "RemoveIPC").then(|| value.trim().to_ascii_lowercase())
    });
    // The last one counts; an empty one means the default.
    !said.next_back().is_some_and(|value| matches!(value.as_str(), "no" | "false" | "off" | "0" | "n" | "f"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Problem, Warning};
    use super::*;

    #[test]
    fn a_filter_is_named_and_strict_mode_refused() {
        let filtered = sandbox("Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t3\n");
        assert!(filtered.verdict == Fine && filtered.found.starts_with("3 filter"));
        assert_eq!(sandbox("Seccomp:\t1\n").verdict, Problem);
        assert_eq!(sandbox("Seccomp:\t0\nSeccomp_filters:\t0\n").found, "no filter");
        assert_eq!(sandbox("").verdict, Fine);
    }

    #[test]
    fn a_container_is_told_by_its_namespaces() {
        let machine = namespaces(Some("pid:[4026531836]"), Some("ipc:[4026531839]"), None);
        assert_eq!(machine.found, "those of the machine");
        let container = namespaces(Some("pid:[4026532201]"), Some("ipc:[4026532200]"), None);
        assert!(container.found.contains("PID, IPC") && !container.advice.is_empty());
    }

    #[test]
    fn who_cannot_see_processes_is_told() {
        let proc = |options: &str| Mount {
            point: b"/proc".to_vec(),
            kind: "proc".into(),
            options: options.split(',').map(str::to_string).collect(),
        };
        assert_eq!(processes(None, false).verdict, Problem);
        assert_eq!(processes(Some(&proc("rw,hidepid=2")), false).verdict, Warning);
        assert_eq!(processes(Some(&proc("rw,hidepid=invisible")), true).verdict, Fine);
        assert_eq!(processes(Some(&proc("rw,hidepid=0")), false).verdict, Fine);
    }

    #[test]
    fn logind_deletes_what_people_leave() {
        let person = User { name: Some("ana"), id: 1000, lingers: false };
        let said = |text: &str| [text.to_string()];
        assert_eq!(login_manager(None, &person).verdict, Fine);
        assert_eq!(login_manager(Some(&said("[Login]\n#RemoveIPC=no\n")), &person).verdict, Warning);
        assert_eq!(login_manager(Some(&said("[Login]\nRemoveIPC=no\n")), &person).verdict, Fine);
        assert_eq!(login_manager(Some(&said("RemoveIPC=no\nRemoveIPC = yes")), &person).verdict, Warning);
        assert_eq!(login_manager(Some(&[]), &User { lingers: true, ..person }).verdict, Fine);
        let system = User { name: None, id: 0, lingers: false };
        assert_eq!(login_manager(Some(&[]), &system).verdict, Fine);
    }
}

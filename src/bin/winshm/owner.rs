//! Whose a mutex is, for who cannot have it.

use winshm::catalog::{self, State, Wanted, name_of_argument};

/// None: nobody's, or it is not known.
pub fn of_mutex(name: &str) -> Option<String> {
    let whole = if name.contains('\\') { name.into() } else { format!("Local\\{name}") };
    let units = name_of_argument(whole.as_ref());
    let objects = catalog::read(Wanted { segments: false, without_holders: true }).objects;
    let object = objects.into_iter().find(|object| object.name.as_ref() == Some(&units))?;
    let Some(State::Mutex { owner: Some(owner), .. }) = object.state else { return None };
    let process = match owner.process {
        None => return Some(format!("thread {} of another PID namespace owns it", owner.thread)),
        Some(_) if owner.has_ended => return Some("its owner has ended".into()),
        Some(process) => process,
    };
    let program = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    let program = if program.is_empty() { program } else { format!(" ({})", program.trim_end()) };
    Some(format!("process {process}{program} owns it"))
}

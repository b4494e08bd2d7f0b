//! Whose a mutex is, for who cannot have it.

use crate::open;
use winshm::catalog::State;

/// None: nobody's, or it is not known.
pub fn of_mutex(name: &str) -> Option<String> {
    let object = open::found(name)?.objects.into_iter().next()?;
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

//! A fork at every fault point of every kind of call (`plant`), in two ways:
//! * *another thread* forks while this one stands there. Its child does everything with
//!   what it has inherited, and makes new objects;
//! * *the thread itself* forks, as in a signal handler. Its child does what handlers may,
//!   and becomes another program. (Where signals are blocked no handler runs.)
//!
//! The parent goes on as if nothing had been: it finds everything there, once.
//!
//! With a fault planted the same must fail: a gate that does not keep forks out
//! (`open-gate`), or one at which a thread waits for itself (`wait-for-self`).

mod world;

use crate::plant::actors::{Actor, End, slots};
use crate::plant::deeds::{Plan, Which, arm, disarm};
use std::process::Command;
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicI32, AtomicPtr};
use std::time::Duration;
use world::{CALLS, Call, World};

static WORLD: AtomicPtr<World> = AtomicPtr::new(ptr::null_mut());

fn world() -> &'static World {
    // SAFETY: set before anything is done, and never freed.
    unsafe { &*WORLD.load(SeqCst) }
}

/// The child; what comes before it.
static CHILD: AtomicI32 = AtomicI32::new(NOT_YET);
const NOT_YET: i32 = 0;
/// The other thread is to fork.
const NOW: i32 = -1;
/// No handler can run here.
const BLOCKED: i32 = -2;
const GIVEN_UP: i32 = -3;
const FAILED: i32 = -4;

fn forked() -> i32 {
    // SAFETY: the child uses the library, and ends by _exit or exec.
    match unsafe { libc::fork() } {
        0 => {
            // Its parent's watchdog ends it too: it may hang with signals blocked.
            // SAFETY: no memory is involved.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            0
        }
        child if child > 0 => child,
        _ => FAILED,
    }
}

fn leave(code: i32) -> ! {
    // SAFETY: ends the child without the test harness's part.
    unsafe { libc::_exit(code) }
}

/// How the child ended, asked by the thread that forked, with which it would die.
static STATUS: AtomicI32 = AtomicI32::new(0);

fn ask(child: i32) {
    let mut status = 0;
    // SAFETY: our own child; the status is writable.
    unsafe { libc::waitpid(child, &mut status, 0) };
    STATUS.store(status, SeqCst);
}

/// At the point: a handler forks, if one can run.
fn fork_as_handlers_do() {
    // SAFETY: zero is a valid set.
    let mut blocked: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set is writable.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &mut blocked) };
    // SAFETY: initialised.
    if unsafe { libc::sigismember(&blocked, libc::SIGUSR1) } == 1 {
        return CHILD.store(BLOCKED, SeqCst);
    }
    let child = forked();
    if child == 0 {
        let told = super::release_semaphore(world().tidings, Some(1)).is_ok();
        let argument = c"true".as_ptr();
        if told {
            // SAFETY: strings, and NULL at the end.
            unsafe { libc::execl(c"/bin/true".as_ptr(), argument, ptr::null::<libc::c_char>()) };
        }
        leave(9);
    }
    CHILD.store(child, SeqCst);
}

static OTHER_THREAD: AtomicI32 = AtomicI32::new(0);

/// At the point: another thread forks, or waits until it can.
fn have_another_thread_fork() {
    CHILD.store(NOW, SeqCst);
    let path = format!("/proc/self/task/{}/stat", OTHER_THREAD.load(SeqCst));
    let is_asleep = || std::fs::read_to_string(&path).is_ok_and(|text| text.contains(") S "));
    let mut looks = 0;
    while CHILD.load(SeqCst) == NOW && looks < 3 {
        looks = if is_asleep() { looks + 1 } else { 0 };
        std::thread::sleep(Duration::from_micros(30));
    }
}

fn fork_when_told() {
    OTHER_THREAD.store(nix::unistd::gettid().as_raw(), SeqCst);
    loop {
        match CHILD.load(SeqCst) {
            NOW => break,
            NOT_YET => std::thread::yield_now(),
            _ => return,
        }
    }
    let child = forked();
    if child == 0 {
        disarm();
        let told = super::release_semaphore(world().tidings, Some(1)).is_ok();
        let wrong = world().use_all().err();
        if let Some(call) = wrong {
            eprintln!("WRONG in the child: {call}");
        }
        leave(if told && wrong.is_none() { 0 } else { 9 });
    }
    CHILD.store(child, SeqCst);
    ask(child);
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    ItsThread,
    AnotherThread,
}

/// What the process answers.
const FINE: u8 = 0;
const NO_HANDLERS: u8 = 1;

/// Makes the call, with a fork at some point of it, and looks at everything.
fn live(call: Call, who: Who) -> u8 {
    let is_planted = std::env::var_os("WINSHM_PLANT").is_some_and(|plant| !plant.is_empty());
    // SAFETY: no memory is involved.
    unsafe { libc::alarm(if is_planted { 2 } else { 100 }) };
    WORLD.store(Box::into_raw(Box::new(World::new().expect("a world"))), SeqCst);
    let other = (who == Who::AnotherThread).then(|| {
        let thread = std::thread::spawn(fork_when_told);
        while OTHER_THREAD.load(SeqCst) == 0 {
            std::thread::yield_now();
        }
        thread
    });
    arm();
    let went_well = call(world()).is_some();
    disarm();
    let _ = CHILD.compare_exchange(NOT_YET, GIVEN_UP, SeqCst, SeqCst);
    if let Some(thread) = other {
        thread.join().unwrap();
    }
    let child = CHILD.load(SeqCst);
    if child > 0 && who == Who::ItsThread {
        ask(child);
    }
    let status = STATUS.load(SeqCst);
    let told =
        super::wait_for_one(world().tidings, super::WaitTime::None) == Ok(crate::sync::Outcome::Granted(0));
    let is_complete = world().is_complete();
    let right = went_well && status == 0 && told == (child > 0) && child != FAILED && is_complete;
    match right {
        true if child == BLOCKED => NO_HANDLERS,
        true => FINE,
        false => {
            eprintln!(
                "WRONG: well {went_well}, child {child} {status:x}, told {told}, complete {is_complete}"
            );
            9
        }
    }
}

/// Every `step`th point, from the first one on.
fn walk(step: usize, first: usize, who: Who) -> (u32, u32) {
    let slot = &slots(1)[0];
    let (mut forks, mut blocked) = (0, 0);
    for (name, call) in CALLS {
        let act = match who {
            Who::ItsThread => fork_as_handlers_do,
            Who::AnotherThread => have_another_thread_fork,
        };
        for nth in (first..).step_by(step) {
            let plan = Plan::run(Which::Any, nth as u32, act);
            let actor = Actor::start(slot, plan, || live(*call, who));
            let end = actor.wait();
            let Some(point) = actor.point() else {
                assert_eq!(end, End::Answered(FINE), "{name}, without a fork");
                break;
            };
            match end {
                End::Answered(FINE) => forks += 1,
                End::Answered(NO_HANDLERS) => blocked += 1,
                _ => panic!("WRONG: {name}, {who:?} forks {point}: {end:?}"),
            }
        }
    }
    println!("{who:?}: {forks} forks at points, {blocked} points where no handler runs");
    (forks, blocked)
}

fn is_full() -> bool {
    std::env::var_os("WINSHM_FULL").is_some_and(|full| !full.is_empty() && full != "0")
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn forks_of_its_own() {
    let (forks, blocked) = if is_full() { walk(1, 0, Who::ItsThread) } else { walk(9, 4, Who::ItsThread) };
    assert!(forks > 20 && blocked > 0, "{forks} {blocked}");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn forks_of_another_thread() {
    let (forks, _) = if is_full() { walk(1, 0, Who::AnotherThread) } else { walk(9, 0, Who::AnotherThread) };
    assert!(forks > 20, "{forks}");
}

fn run(test: &str, plant: &str) -> (bool, String) {
    let base = format!("/dev/shm/winshm-forks-{}-{test}-{plant}", std::process::id());
    std::fs::create_dir(&base).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            &format!("object::fork_points::{test}"),
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("WINSHM_DIR", &base)
        .env("WINSHM_PLANT", plant)
        .env("RUST_BACKTRACE", "0")
        .output();
    std::fs::remove_dir_all(&base).unwrap();
    let output = output.unwrap();
    let text =
        [output.stdout, output.stderr].map(|part| String::from_utf8_lossy(&part).into_owned()).concat();
    println!("{text}");
    (output.status.success() && text.contains("1 passed"), text)
}

#[test]
fn a_handler_may_fork_at_every_point() {
    let (passed, text) = run("forks_of_its_own", "");
    assert!(passed, "{text}");
}

#[test]
fn another_thread_may_fork_at_every_point() {
    let (passed, text) = run("forks_of_another_thread", "");
    assert!(passed, "{text}");
}

#[test]
fn planted_faults_are_noticed() {
    for (test, plant) in [("forks_of_its_own", "wait-for-self"), ("forks_of_another_thread", "open-gate")] {
        let (passed, text) = run(test, plant);
        assert!(!passed && text.contains("WRONG"), "{plant} went unnoticed: {text}");
    }
}

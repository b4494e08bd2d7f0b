//! The command line tool, as its users run it: every subcommand, with right and with wrong
//! input. `world` starts it in a name space of its own.

mod doctor;
mod holding;
mod json_page;
mod leftovers;
mod ls;
mod memory;
mod objects;
mod pages;
mod rights;
mod sandbox;
mod show;
mod storm;
mod streams;
mod terminal;
mod usage;
mod world;

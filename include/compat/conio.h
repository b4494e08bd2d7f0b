/*
 * conio.h - single keys from the console: _kbhit, _getch.
 *
 * On Linux: the console is the standard input. If that is a terminal, _kbhit and
 * _getch switch off its echo and its waiting for the end of a line; _getch sets it
 * back when it has its key, and so do the end of the program and SIGHUP, SIGINT,
 * SIGQUIT and SIGTERM, unless the program handles these itself. A key that has no
 * character sends several, as the terminal does. If it is no terminal, _getch reads
 * its bytes in order, and EOF (-1) at their end.
 */
#ifndef WINSHM_COMPAT_CONIO_H
#define WINSHM_COMPAT_CONIO_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct winshm_console {
    struct termios usual; /* as the program found the terminal */
    volatile sig_atomic_t changed;
    int prepared; /* the end of the program sets it back */
    int process; /* that changed it; a child of fork does not set it back */
    int character; /* one more than what _ungetch gave back; 0: nothing */
};

#ifdef __cplusplus
extern "C" {
#endif
/* One in the program, however many sources include this file. */
extern struct winshm_console winshm_console;
__attribute__((__weak__, __visibility__("hidden"))) struct winshm_console winshm_console;
#ifdef __cplusplus
}
#endif

/** sigaction, which the system's header hides when the compiler is asked for standard C only. */
struct winshm_sigaction {
    void (*handler)(int);
    unsigned long mask[16];
    int flags;
    void (*restorer)(void);
};
#ifdef __cplusplus
extern "C"
#endif
int winshm_change_sigaction(int, const struct winshm_sigaction *, struct winshm_sigaction *) __asm__("sigaction");

/** Whether the terminal is the program's: in the background, touching it would stop the program. */
static inline int winshm_console_is_ours(void)
{
    return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static inline void winshm_console_restore(void)
{
    if (!winshm_console.changed || winshm_console.process != getpid())
        return;
    winshm_console.changed = 0;
    if (winshm_console_is_ours())
        tcsetattr(STDIN_FILENO, TCSANOW, &winshm_console.usual);
}

/** Ends the program as the signal does, with the terminal set back. */
static inline void winshm_console_signal(int number)
{
    winshm_console_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static inline void winshm_console_prepare(void)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    struct winshm_sigaction action;
    size_t i;

    winshm_console.prepared = 1;
    atexit(winshm_console_restore);
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (winshm_change_sigaction(numbers[i], NULL, &action) == 0 && action.handler == SIG_DFL)
            signal(numbers[i], winshm_console_signal);
    }
}

/** Single keys from now on, without echo. Also after the program was stopped and the shell set the terminal. */
static inline void winshm_console_change(void)
{
    struct termios now;

    if (!winshm_console_is_ours() || tcgetattr(STDIN_FILENO, &now) != 0)
        return;
    if (winshm_console.changed && !(now.c_lflag & (tcflag_t)(ICANON | ECHO)))
        return;
    if (!winshm_console.prepared)
        winshm_console_prepare();
    winshm_console.usual = now;
    winshm_console.process = getpid();
    winshm_console.changed = 1;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_iflag &= ~(tcflag_t)ICRNL; /* the key Enter is '\r' */
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

/** Whether _getch would return a key at once. At the end of input that is no terminal there is none. */
static inline int _kbhit(void)
{
    int waiting = 0;

    fflush(stdout);
    if (winshm_console.character)
        return 1;
    if (isatty(STDIN_FILENO))
        winshm_console_change();
    else if (stdin->_IO_read_ptr < stdin->_IO_read_end)
        return 1;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0;
}

/** Waits for a key and returns its character, without showing it; EOF at the end of input. */
static inline int _getch(void)
{
    unsigned char key;
    long count;

    fflush(stdout); /* the question, which may not end in a line */
    if (winshm_console.character) {
        const int character = winshm_console.character - 1;

        winshm_console.character = 0;
        return character;
    }
    if (!isatty(STDIN_FILENO))
        return getc(stdin);
    winshm_console_change();
    do
        count = read(STDIN_FILENO, &key, 1);
    while (count < 0 && errno == EINTR);
    winshm_console_restore();
    if (count != 1)
        return EOF;
    /* What terminals send for Backspace; Enter, pressed while they still waited for the end of a line. */
    return key == 127 ? '\b' : key == '\n' ? '\r' : key;
}

/** Shows a character at once. */
static inline int _putch(int character)
{
    const int shown = putchar(character);

    return fflush(stdout) == 0 ? shown : EOF;
}

/** _getch that shows the character. */
static inline int _getche(void)
{
    const int character = _getch();

    return character == EOF || !isatty(STDIN_FILENO) ? character : _putch(character);
}

/** Gives back a character to _getch, one at a time. */
static inline int _ungetch(int character)
{
    if (character == EOF || winshm_console.character)
        return EOF;
    winshm_console.character = character + 1;
    return character;
}

/** Shows a string at once. Returns 0, or not. */
static inline int _cputs(const char *string)
{
    return fputs(string, stdout) == EOF || fflush(stdout) != 0 ? -1 : 0;
}

/* The names without an underline. */

static inline int kbhit(void)
{
    return _kbhit();
}

static inline int getch(void)
{
    return _getch();
}

#endif

// TicketBoard.h - what the programs of the ticket board share.
#pragma once

#include <windows.h>
#include <tchar.h>

#define BOARD_NAME    _T("Local\\TicketBoard")
#define BOARD_MUTEX   _T("Local\\TicketBoardMutex")
#define BOARD_CHANGED _T("Local\\TicketBoardChanged")
#define BOARD_CLOSED  _T("Local\\TicketBoardClosed")

#define BOARD_VERSION 3

// [docs: shared]
typedef struct _TICKET_BOARD {
    DWORD dwVersion;
    long lNumber;           // the ticket that is called
    char szCounter[32];     // where to go, in UTF-8
    long lCalls;            // how many were called since the board was opened
} TICKET_BOARD, *PTICKET_BOARD;

// Programs of several versions share this.
C_ASSERT(sizeof(TICKET_BOARD) == 44);
// [docs: end]

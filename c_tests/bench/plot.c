/*
 * Draws what an operation takes with each contender, from the results of the benchmark:
 *
 *     plot RESULTS.CSV >PLOT.SVG
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what is drawn -------------------------------------------------------------------- */

static const struct row {
    const char *operation, *label;
    int difference; /* is compared in ns */
} rows[] = {
    {"mutex", "mutex: acquire + release", 0},
    {"mutex-recursive", "mutex, owned already", 0},
    {"event", "SetEvent + wait", 0},
    {"any-2", "wait for any of 2", 0},
    {"any-64", "wait for any of 64", 0},
    {"ping-pong-one-core", "ping-pong, one core", 0},
    {"ping-pong-two-cores", "ping-pong, two cores", 0},
    {"section-create-touched", "create, map, touch 64 KiB", 0},
    {"section-open", "open, map, close 64 KiB", 0},
    {"mutex-create", "create + close a mutex", 0},
    {"copy-8B", "write + read 8 bytes", 1},
    {"copy-4KiB", "write + read 4 KiB", 1},
    {"copy-1MiB", "write + read 1 MiB", 0},
};
#define ROWS (sizeof rows / sizeof *rows)

/* The contenders by the begin of their names; drawn in this order, the last on top. */
static const struct family {
    const char *begin, *label, *class, *shape;
} families[] = {
    {"Wine", "Wine", "wine", "M0-5.5 5.5 0 0 5.5-5.5 0Z"},
    {"Qt ", "Qt", "qt", "M0-5 5 4-5 4Z"},
    {"System V", "System V", "sysv", "M-5-4 5-4 0 5Z"},
    {"Boost ", "Boost", "boost", "M-4-4H4V4H-4Z"},
    {NULL, "bare Linux", "bare", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z"},
    {"winshm", "winshm", "winshm", "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z"},
};
enum { BARE = 4, WINSHM = 5, FAMILIES = 6 };

/* --- what is known ---------------------------------------------------------------------- */

static double times[ROWS][FAMILIES]; /* ns; 0 if not measured */
static double compared[ROWS];        /* ours with the bare one */

static int family_of(const char *name, const char *ratio)
{
    if (strcmp(ratio, "1.00000") == 0)
        return BARE;
    for (int i = 0; i < FAMILIES; i++)
        if (i == WINSHM ? strcmp(name, "winshm") == 0
                        : families[i].begin && strncmp(name, families[i].begin, strlen(families[i].begin)) == 0)
            return i;
    return -1;
}

static void take_line(const char *line)
{
    char operation[64], name[64], ratio[32] = "";
    double median;
    int family;
    if (sscanf(line, "%63[^,],\"%63[^\"]\",ns,%lf,%*f,%*f,%*d,%31[^,\n]", operation, name, &median, ratio) < 3)
        return;
    family = family_of(name, ratio);
    for (size_t i = 0; i < ROWS && family >= 0; i++)
        if (strcmp(rows[i].operation, operation) == 0 && (times[i][family] == 0 || median < times[i][family])) {
            times[i][family] = median;
            if (family == WINSHM)
                compared[i] = atof(ratio);
        }
}

/* --- the drawing ------------------------------------------------------------------------- */

#define WIDTH 900
#define LEFT 200.0
#define RIGHT 790.0
#define TOP 72
#define STEP 27
#define DECADES 6.7 /* from a nanosecond */

static double x_of(double ns) { return LEFT + (RIGHT - LEFT) * log10(ns < 1 ? 1 : ns) / DECADES; }

static void begin(int height)
{
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, height);
    puts("<title>Time per operation with winshm, bare Linux calls, Boost, Qt, System V and Wine</title>\n"
         "<style>\n"
         "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}\n"
         ".quiet{fill:#59636e;font-size:12px}.strong{font-weight:600}\n"
         ".grid{stroke:#d1d9e0;stroke-width:1}.gap{stroke:#0969da;stroke-width:2;opacity:.45}\n"
         ".winshm{fill:#0969da}.bare{fill:#fff;stroke:#1f2328;stroke-width:1.8}.boost{fill:#bc4c00}\n"
         ".qt{fill:#1a7f37}.sysv{fill:#8250df}.wine{fill:#cf222e}\n"
         "@media(prefers-color-scheme:dark){\n"
         "text{fill:#e6edf3}.quiet{fill:#9198a1}.grid{stroke:#3d444d}.gap{stroke:#4493f8}\n"
         ".winshm{fill:#4493f8}.bare{fill:#0d1117;stroke:#e6edf3}.boost{fill:#f0883e}\n"
         ".qt{fill:#3fb950}.sysv{fill:#ab7df8}.wine{fill:#f85149}}\n"
         "</style>");
}

static void put_mark(int family, double x, double y)
{
    printf("<path class=\"%s\" transform=\"translate(%.1f %.1f)\" d=\"%s\"/>\n", families[family].class, x, y,
           families[family].shape);
}

static void put_text(double x, double y, const char *class, const char *anchor, const char *text)
{
    printf("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, text);
}

static void put_legend(void)
{
    double x = LEFT;
    for (int i = FAMILIES - 1; i >= 0; i--) {
        put_mark(i, x + 6, 20);
        put_text(x + 18, 24.5, i == WINSHM ? "strong" : "", "start", families[i].label);
        x += 46 + 7.3 * (double)strlen(families[i].label);
    }
    put_text(WIDTH - 10, 24.5, "quiet", "end", "to bare Linux");
}

static void put_axis(int bottom)
{
    static const char *const labels[] = {"1 ns", "10 ns", "100 ns", "1 \302\265s", "10 \302\265s", "100 \302\265s", "1 ms"};
    for (int decade = 0; decade < 7; decade++) {
        double x = x_of(pow(10, decade));
        printf("<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n", x, TOP - 18, bottom);
        put_text(x, TOP - 24, "quiet", "middle", labels[decade]);
    }
}

static void put_row(size_t i)
{
    double y = TOP + STEP * (double)i;
    char text[32];
    put_text(LEFT - 14, y + 4.5, "", "end", rows[i].label);
    if (times[i][BARE] == 0 || times[i][WINSHM] == 0)
        return;
    printf("<path class=\"gap\" d=\"M%.1f %.1fH%.1f\"/>\n", x_of(times[i][BARE]), y, x_of(times[i][WINSHM]));
    for (int family = 0; family < FAMILIES; family++)
        if (times[i][family] > 0)
            put_mark(family, x_of(times[i][family]), y);
    snprintf(text, sizeof text,
             rows[i].difference   ? "%+.0f ns"
             : compared[i] < 0.1 ? "%.3f\303\227"
                                 : "%.2f\303\227",
             compared[i]);
    put_text(WIDTH - 10, y + 4.5, "strong", "end", text);
}

int main(int count, char **arguments)
{
    int bottom = TOP + STEP * (int)ROWS - 8;
    char line[512];
    FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (file == NULL) {
        fputs("usage: plot RESULTS.CSV >PLOT.SVG\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof line, file))
        take_line(line);
    fclose(file);
    begin(bottom + 14);
    put_legend();
    put_axis(bottom);
    for (size_t i = 0; i < ROWS; i++)
        put_row(i);
    puts("</svg>");
    return 0;
}

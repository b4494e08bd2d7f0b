/*
 * The tables and the CSV file of what was measured.
 */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

struct spread {
    double median, least, most;
};

static struct spread spread_of(const double *values, int count)
{
    double *sorted = malloc(sizeof *sorted * (size_t)count);
    struct spread spread;
    MUST(sorted != NULL);
    memcpy(sorted, values, sizeof *sorted * (size_t)count);
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    spread = (struct spread){sorted[count / 2], sorted[0], sorted[count - 1]};
    free(sorted);
    return spread;
}

static const struct contender_values *contender_of(const struct results *result, const char *name)
{
    for (int i = 0; i < result->count; i++)
        if (strcmp(result->contenders[i].name, name) == 0 && !result->contenders[i].failed)
            return &result->contenders[i];
    return NULL;
}

/* The median over the rounds of what compares `ours` with the reference. */
static double compared(enum measure measure, const struct contender_values *ours,
                       const struct contender_values *reference, int rounds)
{
    double *each = malloc(sizeof *each * (size_t)rounds), median;
    MUST(each != NULL);
    for (int i = 0; i < rounds; i++) {
        double a = ours->values[i], b = reference->values[i];
        each[i] = measure == SHARE ? a : measure == DIFFERENCE ? a - b : measure == SPEEDUP ? b / a : a / b;
    }
    median = spread_of(each, rounds).median;
    free(each);
    return median;
}

static void print_bound(char *text, size_t size, enum measure measure, double value)
{
    static const char *const forms[] = {"%.4gx", "+%.4g ns", ">= %.4gx", "%.4g %%"};
    if (value == 0)
        snprintf(text, size, "-");
    else
        snprintf(text, size, forms[measure], value);
}

static void print_result(char *text, size_t size, enum measure measure, double value)
{
    static const char *const forms[] = {"%.2fx", "%+.1f ns", "%.0fx", "%.1f %%"};
    snprintf(text, size, measure == RATIO && value < 0.1 ? "%.4fx" : forms[measure], value);
}

static const char *verdict(const struct operation *operation, double value)
{
    double sign = operation->measure == SPEEDUP ? -1 : 1;
    if (operation->must == 0)
        return "";
    if (sign * value > sign * operation->must)
        return "NO";
    return operation->aim != 0 && sign * value <= sign * operation->aim ? "aim" : "must";
}

/* Three digits that count. */
static void print_time(char *text, size_t size, double value)
{
    snprintf(text, size, value < 100 ? "%.1f" : "%.0f", value);
}

/* The row of `operation`: what it is about, its contenders and how they compare. */
static int row_of(const struct results *results, size_t count, const struct operation *operation,
                  const struct results **result, const struct contender_values **ours,
                  const struct contender_values **reference)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(results[i].operation, operation->name) == 0) {
            *result = &results[i];
            *ours = contender_of(&results[i], "winshm");
            *reference = contender_of(&results[i], operation->reference);
            return *ours != NULL && *reference != NULL;
        }
    return 0;
}

void print_targets(const struct results *results, size_t count, FILE *file, int markdown)
{
    const char *row = markdown ? "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                               : "%-52s %-25s %10s %10s %10s %9s %9s  %s\n";
    fprintf(file, row, "operation", "reference", "its ns", "winshm ns", "ratio", "must", "aim", "met");
    if (markdown)
        fputs("|---|---|--:|--:|--:|--:|--:|---|\n", file);
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        const struct results *result;
        const struct contender_values *ours, *reference;
        char its_time[32], our_time[32], ratio[32], must[32], aim[32];
        double value;
        if (!row_of(results, count, operation, &result, &ours, &reference))
            continue;
        value = compared(operation->measure, ours, reference, result->rounds);
        print_time(its_time, sizeof its_time, spread_of(reference->values, result->rounds).median);
        print_time(our_time, sizeof our_time, spread_of(ours->values, result->rounds).median);
        if (operation->measure == SHARE) {
            strcat(its_time, " %");
            strcat(our_time, " %");
        }
        print_result(ratio, sizeof ratio, operation->measure, value);
        print_bound(must, sizeof must, operation->measure, operation->must);
        print_bound(aim, sizeof aim, operation->measure, operation->aim);
        fprintf(file, row, operation->what, operation->reference, its_time, our_time, ratio, must, aim,
                verdict(operation, value));
    }
}

static int by_median_count;
static int by_median(const void *a, const void *b)
{
    const struct contender_values *const *first = a, *const *second = b;
    double one = spread_of((*first)->values, by_median_count).median;
    double other = spread_of((*second)->values, by_median_count).median;
    return (one > other) - (one < other);
}

static void print_peers_of(const struct results *result, FILE *file)
{
    const struct contender_values *sorted[MOST_CONTENDERS], *ours = contender_of(result, "winshm");
    size_t count = 0;
    for (int i = 0; i < result->count; i++)
        if (!result->contenders[i].failed)
            sorted[count++] = &result->contenders[i];
    if (ours == NULL)
        return;
    by_median_count = result->rounds;
    qsort(sorted, count, sizeof *sorted, by_median);
    for (size_t i = 0; i < count; i++) {
        struct spread spread = spread_of(sorted[i]->values, result->rounds);
        fprintf(file, "%-28s %-28s %13.1f %13.1f %13.1f %11.2fx\n", i == 0 ? result->operation : "", sorted[i]->name,
                spread.median, spread.least, spread.most, compared(RATIO, sorted[i], ours, result->rounds));
    }
}

void print_peers(const struct results *results, size_t count, FILE *file)
{
    fprintf(file, "\n%-28s %-28s %13s %13s %13s %12s\n", "operation", "contender", "median", "least", "most",
            "to winshm");
    for (size_t i = 0; i < count; i++)
        print_peers_of(&results[i], file);
}

/* The ratio is to the operation's reference; that of Wine's rows is Wine's time to ours. */
static void write_line(FILE *file, const struct results *result, const struct operation *operation,
                       const struct contender_values *contender, const struct contender_values *reference)
{
    struct spread spread = spread_of(contender->values, result->rounds);
    int ours = strcmp(contender->name, "winshm") == 0;
    fprintf(file, "%s%s,\"%s\",%s,%.3f,%.3f,%.3f,%d,", operation->name,
            operation->measure == SPEEDUP ? "-against-wine" : "", contender->name,
            operation->measure == SHARE ? "percent" : "ns", spread.median, spread.least, spread.most, result->rounds);
    if (reference)
        fprintf(file, "%.5f", compared(ours ? operation->measure : RATIO, contender, reference, result->rounds));
    if (ours && operation->must != 0)
        fprintf(file, ",%g", operation->must);
    else
        fputc(',', file);
    if (ours && operation->aim != 0)
        fprintf(file, ",%g", operation->aim);
    else
        fputc(',', file);
    fputc('\n', file);
}

void write_csv(const struct results *results, size_t count, FILE *file)
{
    fputs("operation,contender,unit,median,min,max,rounds,ratio,must,aim\n", file);
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        const struct results *result = NULL;
        const struct contender_values *ours, *reference;
        if (!row_of(results, count, operation, &result, &ours, &reference))
            continue;
        if (operation->measure == SPEEDUP) {
            write_line(file, result, operation, ours, reference);
            continue;
        }
        for (int k = 0; k < result->count; k++)
            if (!result->contenders[k].failed)
                write_line(file, result, operation, &result->contenders[k], reference);
    }
}

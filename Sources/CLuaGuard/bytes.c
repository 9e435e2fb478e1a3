// Growable bytes outside of Lua's memory.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "guard.h"

bool bytes_reserve(struct bytes *b, size_t more) {
    if (more > SIZE_MAX / 4 - b->count) return false;
    size_t needed = b->count + more;
    if (needed <= b->capacity) return true;
    size_t capacity = b->capacity ? b->capacity : 256;
    while (capacity < needed) capacity *= 2;
    uint8_t *data = realloc(b->data, capacity);
    if (!data) return false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

bool bytes_add(struct bytes *b, const void *data, size_t count) {
    if (!bytes_reserve(b, count)) return false;
    if (count) memcpy(b->data + b->count, data, count);
    b->count += count;
    return true;
}

bool bytes_print(struct bytes *b, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (count < 0) return true;
    return bytes_add(b, text, (size_t)count < sizeof text ? (size_t)count : sizeof text - 1);
}

bool bytes_add_clean(struct bytes *b, const char *text, size_t count, size_t longest) {
    bool is_cut = count > longest;
    if (is_cut) count = longest;
    if (!bytes_reserve(b, count + 3)) return false;
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        b->data[b->count++] = c < 0x20 || c == 0x7f ? ' ' : c;
    }
    return !is_cut || bytes_add(b, "…", strlen("…"));
}

void bytes_free(struct bytes *b) {
    free(b->data);
    *b = (struct bytes){ 0 };
}

void bytes_clear(struct bytes *b) {
    if (b->capacity > 64 << 10) bytes_free(b);
    b->count = 0;
}

bool is_utf8(const char *text, size_t count) {
    const unsigned char *p = (const unsigned char *)text, *end = p + count;
    while (p < end) {
        if (*p < 0x80) {
            p++;
            continue;
        }
        int more = *p >= 0xc2 && *p <= 0xdf ? 1 : *p >= 0xe0 && *p <= 0xef ? 2 : *p >= 0xf0 && *p <= 0xf4 ? 3 : 0;
        if (more == 0 || end - p <= more) return false;
        // The second byte is where overlong forms, surrogates and what lies above U+10FFFF show.
        unsigned char low = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
        unsigned char high = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;
        if (p[1] < low || p[1] > high) return false;
        for (int i = 2; i <= more; i++) {
            if ((p[i] & 0xc0) != 0x80) return false;
        }
        p += more + 1;
    }
    return true;
}

import Foundation

/// The terminal behind standard output and standard error, if there is one.
enum Terminal {
    static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isError: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns and rows of the terminal; 80 × 24 where there is none or it does not say.
    static var size: (columns: Int, rows: Int) {
        var window = winsize()
        guard
            ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0
                || ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &window) == 0,
            window.ws_col > 0, window.ws_row > 0
        else { return (80, 24) }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// Writes at once and whole, past any buffer.
    static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
        if descriptor == STDOUT_FILENO { fflush(nil) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                guard errno == EINTR || errno == EAGAIN else { return }
                continue
            }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Shows the cursor again when a person ends the program with Ctrl-C in the middle of a picture.
    static func restoreCursorOnInterrupt() {
        signal(SIGINT) { _ in
            // Only what may be called in a signal handler.
            let text: StaticString = "\u{1B}[?25h\u{1B}[0m\n"
            _ = Foundation.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(130)
        }
    }
}

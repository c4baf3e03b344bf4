package dev.warder.reconcile;

/** A report could not be read. The message is for operators and has no text of the service. */
final class ReportException extends Exception {
    private static final long serialVersionUID = 1;

    ReportException(String message) {
        super(message);
    }
}

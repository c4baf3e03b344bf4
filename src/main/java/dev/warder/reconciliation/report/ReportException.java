package dev.warder.reconciliation.report;

/** A report could not be read. The message is for operators and has no text of the service. */
public final class ReportException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean refused;

    private ReportException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    static ReportException of(String message) {
        return new ReportException(message, false);
    }

    static ReportException refused(String message) {
        return new ReportException(message, true);
    }

    /** Whether it stays so until the operator changes a setting. */
    public boolean isRefused() {
        return refused;
    }
}

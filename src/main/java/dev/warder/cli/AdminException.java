package dev.warder.cli;

/** The reason why a command for administrators failed, in one line without a secret. */
final class AdminException extends Exception {
    AdminException(String message) {
        super(message.replaceAll("\\p{C}", "?"));
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

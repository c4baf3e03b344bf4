package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;

/** The address of a caller, for logs and the audit. */
public final class RemoteAddress {
    private static final int LONGEST = 64;

    private RemoteAddress() {}

    /** An address without characters that could forge a second line or field; a front end may have written it. */
    public static String of(HttpServletRequest request) {
        return plain(String.valueOf(request.getRemoteAddr()));
    }

    static String plain(String from) {
        String cut = from.length() > LONGEST ? from.substring(0, LONGEST) : from;
        return cut.replaceAll("[^0-9A-Za-z.:%_\\[\\]-]", "?");
    }
}

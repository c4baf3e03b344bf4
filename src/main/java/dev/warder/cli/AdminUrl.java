package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import java.net.URI;
import java.util.regex.Pattern;

/** The address of a running gateway. */
final class AdminUrl {
    /** Where a gateway listens without options. */
    static final URI USUAL = URI.create("http://127.0.0.1:8080");

    private static final Pattern FORM = Pattern.compile("(?i)https?://[^/?#@\\s]+(/[A-Za-z0-9._~/-]*)?");
    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private AdminUrl() {}

    /** The address with the context path, if it has one, and without a slash at its end. */
    static URI parse(String text) throws InvalidValueException {
        String address = text.replaceFirst("/+$", "");
        try {
            if (FORM.matcher(address).matches() && URI.create(address).getHost() != null) {
                return URI.create(address);
            }
        } catch (IllegalArgumentException malformed) {
            throw malformed();
        }
        throw malformed();
    }

    /** Whether what is sent there could be read on the way: it leaves this machine without TLS. */
    static boolean isExposed(URI url) {
        return url.getScheme().equalsIgnoreCase("http")
                && !LOOPBACK.matcher(url.getHost()).matches();
    }

    private static InvalidValueException malformed() {
        return new InvalidValueException(
                "must be the address of a gateway with its context path, such as https://gateway.example.com or"
                        + " http://127.0.0.1:8080/warder");
    }
}

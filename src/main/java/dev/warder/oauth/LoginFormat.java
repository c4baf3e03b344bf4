package dev.warder.oauth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.TextFile;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the login of one credential is stored: JSON, sealed where there is a key. With a key, a plain login is read only
 * until this process has read or written a sealed one, with a warning. The reason is that anybody who can write to the
 * place could put a login of another account there. The configuration may refuse plain logins from the start.
 * Thread-safe.
 */
final class LoginFormat {
    private static final Logger LOG = LoggerFactory.getLogger(LoginFormat.class);

    private final Optional<TokenSeal> seal;
    private final String name;
    private final AtomicBoolean plainIsRefused;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * @param name of the credential, which a sealed login is bound to
     * @param refusesPlain whether a plain login is never read when there is a key
     */
    LoginFormat(Optional<TokenSeal> seal, String name, boolean refusesPlain) {
        this.seal = seal;
        this.name = name;
        this.plainIsRefused = new AtomicBoolean(refusesPlain);
    }

    LoginDocument read(String stored, String place) throws TokenStoreException {
        if (!TokenSeal.isSealed(stored)) {
            return plain(stored, place);
        }
        if (seal.isEmpty()) {
            throw new TokenStoreException("is encrypted, and oauth.storeKey is not set");
        }
        var document = LoginDocument.parse(utf8(seal.get().open(stored, bound(place))));
        plainIsRefused.set(true);
        return document;
    }

    String write(LoginDocument document, String place) throws TokenStoreException {
        return seal.isEmpty()
                ? document.text()
                : seal.get().seal(document.text().getBytes(StandardCharsets.UTF_8), bound(place));
    }

    static String utf8(byte[] content) throws TokenStoreException {
        try {
            return TextFile.decode(content);
        } catch (InvalidValueException unusable) {
            throw new TokenStoreException(unusable.reason());
        }
    }

    private LoginDocument plain(String stored, String place) throws TokenStoreException {
        if (seal.isPresent() && plainIsRefused.get()) {
            throw new TokenStoreException("is not encrypted, although oauth.storeKey is set");
        }
        var document = LoginDocument.parse(stored);
        if (seal.isPresent() && !warned.getAndSet(true)) {
            LOG.warn(
                    "oauth.storeKey: {} is not encrypted yet; its next write encrypts it, and a plain login is refused after"
                            + " that",
                    place);
        }
        return document;
    }

    private String bound(String place) {
        return name.length() + ":" + name + place;
    }
}

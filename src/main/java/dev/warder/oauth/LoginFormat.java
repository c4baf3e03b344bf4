package dev.warder.oauth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a login lies in its store: JSON, sealed where there is a key. What was stored plainly is read also with a key, and
 * sealed when it is written the next time.
 */
record LoginFormat(Optional<TokenSeal> seal) {
    LoginDocument read(String stored) throws TokenStoreException {
        if (!TokenSeal.isSealed(stored)) {
            return LoginDocument.parse(stored);
        }
        if (seal.isEmpty()) {
            throw new TokenStoreException("is encrypted, and oauth.storeKey is not set");
        }
        return LoginDocument.parse(utf8(seal.get().open(stored)));
    }

    String write(LoginDocument document) throws TokenStoreException {
        return seal.isEmpty()
                ? document.text()
                : seal.get().seal(document.text().getBytes(StandardCharsets.UTF_8));
    }

    static String utf8(byte[] content) throws TokenStoreException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new TokenStoreException("is not UTF-8");
        }
    }
}

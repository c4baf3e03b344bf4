package dev.warder.oauth;

import dev.warder.config.Secret;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what a store keeps: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. The sealed text is ASCII:
 * a header that names format and version, then base64url of nonce, ciphertext and tag.
 *
 * <p>The additional authenticated data of version 2 is the header and what the text is bound to, so that the text
 * cannot be moved to another credential or place. That of version 1, which is only read, is the header. Thread-safe.
 *
 * @param key base64 of 32 bytes, read at each use since a file may replace it
 */
record TokenSeal(Secret key, SecureRandom random) {
    private static final String FAMILY = "warder-login:";
    private static final String UNBOUND = FAMILY + "aes-256-gcm:1:";
    private static final String HEADER = FAMILY + "aes-256-gcm:2:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    static boolean isSealed(String text) {
        return text.startsWith(FAMILY);
    }

    /** @param bound what must be passed to {@link #open} again */
    String seal(byte[] plain, String bound) throws TokenStoreException {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce, HEADER + bound).doFinal(plain);
            var parts = ByteBuffer.allocate(NONCE_BYTES + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext);
            return HEADER + Base64.getUrlEncoder().withoutPadding().encodeToString(parts.array());
        } catch (GeneralSecurityException impossible) {
            throw new TokenStoreException("cannot be encrypted", impossible);
        }
    }

    byte[] open(String sealed, String bound) throws TokenStoreException {
        if (sealed.startsWith(HEADER)) {
            return decrypt(sealed.substring(HEADER.length()), HEADER + bound);
        }
        if (sealed.startsWith(UNBOUND)) {
            return decrypt(sealed.substring(UNBOUND.length()), UNBOUND);
        }
        throw new TokenStoreException("is encrypted in a way that is not known here");
    }

    private byte[] decrypt(String text, String authenticated) throws TokenStoreException {
        byte[] parts = decode(text);
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(parts, NONCE_BYTES), authenticated)
                    .doFinal(parts, NONCE_BYTES, parts.length - NONCE_BYTES);
        } catch (AEADBadTagException mismatch) {
            throw new TokenStoreException(
                    "cannot be decrypted: oauth.storeKey is not the key that encrypted it, or it was changed,"
                            + " or it comes from another credential or place");
        } catch (GeneralSecurityException impossible) {
            throw new TokenStoreException("cannot be decrypted", impossible);
        }
    }

    // The JDK's decoder ignores the unused bits of the last character.
    private static byte[] decode(String text) throws TokenStoreException {
        try {
            byte[] parts = Base64.getUrlDecoder().decode(text);
            boolean canonical = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(parts)
                    .equals(text);
            if (canonical && parts.length >= NONCE_BYTES + TAG_BITS / 8) {
                return parts;
            }
        } catch (IllegalArgumentException notBase64) {
            // Reported below, without the text.
        }
        throw new TokenStoreException("is encrypted, but was cut or changed");
    }

    private Cipher cipher(int mode, byte[] nonce, String authenticated) throws GeneralSecurityException {
        byte[] bytes = Base64.getDecoder().decode(key.reveal());
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(authenticated.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}

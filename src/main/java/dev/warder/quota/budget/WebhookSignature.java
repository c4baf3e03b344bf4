package dev.warder.quota.budget;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header fields of a message as Standard Webhooks 1.0.0 defines them (section "Verifying webhook authenticity"): {@code
 * webhook-signature} is an HMAC-SHA256 of id, timestamp and content with a dot between each two.
 */
final class WebhookSignature {
    private static final String HMAC = "HmacSHA256";

    /** Generators of such keys write it before the base64. */
    private static final String PREFIX = "whsec_";

    /** The specification permits 24 to 64 bytes; HMAC-SHA256 has the strength of 32. */
    private static final int LEAST_BYTES = 32;

    private static final int MOST_BYTES = 64;

    private WebhookSignature() {}

    /** Accepts base64 of 32 to 64 bytes, also after {@code whsec_}. The reason of a refusal repeats no part of it. */
    static void checkKey(String text) throws InvalidValueException {
        try {
            int length = decoded(text).length;
            if (length >= LEAST_BYTES && length <= MOST_BYTES) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            // Its message has a character of the key.
        }
        throw new InvalidValueException("must be base64 of 32 to 64 bytes, as openssl rand -base64 32 makes it");
    }

    static Map<String, String> fields(String id, Instant time, byte[] content, Secret key) {
        String timestamp = Long.toString(time.getEpochSecond());
        var fields = new LinkedHashMap<String, String>();
        fields.put("webhook-id", id);
        fields.put("webhook-timestamp", timestamp);
        fields.put("webhook-signature", "v1," + signature(id + "." + timestamp + ".", content, key));
        return fields;
    }

    private static String signature(String head, byte[] content, Secret key) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(decoded(key.reveal()), HMAC));
            mac.update(head.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(mac.doFinal(content));
        } catch (GeneralSecurityException impossible) {
            // Every Java platform has it (Mac's documentation).
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] decoded(String key) {
        return Base64.getDecoder().decode(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key);
    }
}

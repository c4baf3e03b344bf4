package dev.warder.openai.shared;

import dev.warder.config.Secret;
import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Packs blocks of the Messages API into a value of {@code encrypted_content}, and opens such values. A tag in front of the
 * blocks shows that they are as they were packed, and for which client: an HMAC-SHA256 where there is a key, else a SHA-256,
 * which finds damage but no forgery. Without a key the API's own signatures are what protects thinking. The blocks are not encrypted: the client may
 * see its own thinking.
 *
 * <p>Immutable.
 */
public final class ReasoningSeal {
    /** A thinking block has 7 names and values, a search 11 and each of its results 11, all with much longer texts. */
    private static final int FREE = 64;

    private static final int BYTES_FOR_EACH = 8;

    private static final String PREFIX = "warder1.";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int TAG = 16;

    private final List<Secret> keys;
    private final byte[] client;

    /**
     * Seals with the first of {@code keys}, and opens what any of them has sealed; for no client.
     *
     * @param keys are read for each use; without any, values have a checksum only
     */
    public ReasoningSeal(List<Secret> keys) {
        this(List.copyOf(keys), "");
    }

    private ReasoningSeal(List<Secret> keys, String client) {
        this.keys = keys;
        // No name has a NUL, so that two names never make the same bytes together with blocks.
        this.client = (client + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** The same seal for the values of this client, which no other client may send. */
    public ReasoningSeal of(String clientName) {
        return new ReasoningSeal(keys, clientName);
    }

    /**
     * Packs blocks.
     *
     * @param blocks a JSON array of objects in UTF-8
     * @return ASCII without white space
     */
    public String seal(byte[] blocks) {
        byte[] tag = keys.isEmpty() ? checksum(blocks) : authentication(keys.get(0), blocks);
        byte[] sealed =
                ByteBuffer.allocate(TAG + blocks.length).put(tag).put(blocks).array();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /**
     * The blocks of a sealed value, each an object; empty for any other value, one that was changed, and one with more JSON
     * values than real blocks of its size have.
     */
    public Optional<JsonArray> open(String sealed) {
        return sealed.startsWith(PREFIX) ? decoded(sealed.substring(PREFIX.length())) : Optional.empty();
    }

    private Optional<JsonArray> decoded(String text) {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (sealed.length < TAG) {
            return Optional.empty();
        }
        byte[] blocks = Arrays.copyOfRange(sealed, TAG, sealed.length);
        return isGenuine(Arrays.copyOf(sealed, TAG), blocks) ? array(blocks) : Optional.empty();
    }

    private boolean isGenuine(byte[] tag, byte[] blocks) {
        if (keys.isEmpty()) {
            return MessageDigest.isEqual(tag, checksum(blocks));
        }
        boolean genuine = false;
        for (var key : keys) {
            genuine |= MessageDigest.isEqual(tag, authentication(key, blocks));
        }
        return genuine;
    }

    private static Optional<JsonArray> array(byte[] blocks) {
        return Optional.of(blocks)
                .filter(ReasoningSeal::areFew)
                .flatMap(found -> JsonTree.parse(new String(found, StandardCharsets.UTF_8)))
                .filter(JsonArray.class::isInstance)
                .map(JsonArray.class::cast)
                .filter(array -> array.stream().allMatch(JsonObject.class::isInstance));
    }

    private byte[] authentication(Secret key, byte[] blocks) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(client);
            return Arrays.copyOf(mac.doFinal(blocks), TAG);
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    private byte[] checksum(byte[] blocks) {
        byte[] all = ByteBuffer.allocate(client.length + blocks.length)
                .put(client)
                .put(blocks)
                .array();
        return Arrays.copyOf(Sha256.of(all), TAG);
    }

    /**
     * Whether the document is JSON with a usual number of values for its size. A client without a key can seal any document, and each
     * value takes up to some hundred bytes in a tree.
     */
    private static boolean areFew(byte[] document) {
        var values = new ValueCount();
        return values.add(document) && values.count() <= FREE + document.length / BYTES_FOR_EACH;
    }
}

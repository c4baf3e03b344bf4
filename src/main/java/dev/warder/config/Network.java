package dev.warder.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses with a common beginning (CIDR notation, RFC 4632 and RFC 4291, section 2.3), such as {@code 10.0.0.0/8} or {@code
 * 2001:db8::/32}. An IPv4 address that is written as an IPv6 one ({@code ::ffff:10.0.0.1}) is an IPv4 address. Immutable.
 */
public final class Network {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]{2,39}|[0-9A-Fa-f:]{2,30}:[0-9.]{7,15}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

    private final String text;
    private final byte[] address;
    private final int prefix;

    private Network(String text, byte[] address, int prefix) {
        this.text = text;
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * Reads a network, or an address, which is a network of one.
     *
     * @throws InvalidValueException also if a bit after the prefix is set, since that is often a mistake
     */
    public static Network parse(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(Network::malformed)
                .getAddress();
        String length = slash < 0 ? Integer.toString(address.length * Byte.SIZE) : text.substring(slash + 1);
        if (!PREFIX.matcher(length).matches() || Integer.parseInt(length) > address.length * Byte.SIZE) {
            throw malformed();
        }
        int prefix = Integer.parseInt(length);
        var bits = new BigInteger(1, address);
        if (bits.signum() != 0 && bits.getLowestSetBit() < address.length * Byte.SIZE - prefix) {
            throw new InvalidValueException("has an address with bits after the prefix; write the network's first one");
        }
        return new Network(text, address, prefix);
    }

    private static InvalidValueException malformed() {
        return new InvalidValueException("must be a network such as 10.0.0.0/8 or 2001:db8::/32, or an address");
    }

    /** Whether an address belongs to it. What is no address, such as a host's name, does not. */
    public boolean contains(String remoteAddress) {
        return address(remoteAddress)
                .map(InetAddress::getAddress)
                .filter(this::contains)
                .isPresent();
    }

    /** Whether an address is this machine itself. What is no address, such as a host's name, is not. */
    public static boolean isLoopback(String address) {
        return address(address).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /**
     * The name of the addresses that one caller may have: an IPv4 address, or the first 64 bits of an IPv6 one. What is no address
     * is its own name.
     */
    public static String unit(String remoteAddress) {
        return address(remoteAddress)
                .map(InetAddress::getAddress)
                .map(bytes -> HexFormat.of().formatHex(bytes, 0, Math.min(Long.BYTES, bytes.length)))
                .orElse(remoteAddress);
    }

    public boolean covers(Network other) {
        return prefix <= other.prefix && contains(other.address);
    }

    private boolean contains(byte[] other) {
        int rest = address.length * Byte.SIZE - prefix;
        return other.length == address.length
                && new BigInteger(1, other)
                                .xor(new BigInteger(1, address))
                                .shiftRight(rest)
                                .signum()
                        == 0;
    }

    /** No name is looked up: only what is written as an address is one. Containers add brackets, or a zone after a percent sign. */
    private static Optional<InetAddress> address(String written) {
        String plain =
                written.startsWith("[") && written.endsWith("]") ? written.substring(1, written.length() - 1) : written;
        int zone = plain.indexOf('%');
        String literal = zone < 0 ? plain : plain.substring(0, zone);
        if (!V4.matcher(literal).matches()
                && !(literal.contains(":") && V6.matcher(literal).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}

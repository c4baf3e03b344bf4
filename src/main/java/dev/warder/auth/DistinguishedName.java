package dev.warder.auth;

import dev.warder.config.DerValue;
import dev.warder.config.InvalidValueException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * A name of a certificate (X.501). Names are equal by their attribute types and string values, whichever string types an authority
 * chose: without regard to case and to the number of blanks (RFC 5280, section 7.1; RFC 4518, section 2). Immutable.
 *
 * @param parts the relative distinguished names in the order of the certificate, the reverse of that of the text
 */
record DistinguishedName(List<Set<Attribute>> parts) {
    /** @param value prepared for comparison; one that is not a string begins with an upper-case word, since texts are in lower case */
    private record Attribute(String type, String value) {
        static Attribute of(String type, String text) {
            var composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
            // Not by upper case, which makes an "i" of letters without a dot.
            var folded = composed.toLowerCase(Locale.ROOT);
            return new Attribute(type, BLANKS.matcher(folded).replaceAll(" ").strip());
        }

        static Attribute of(String type, DerValue value) {
            return value.text().map(text -> of(type, text)).orElseGet(() -> new Attribute(type, "DER " + value.hex()));
        }
    }

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern OBJECT_IDENTIFIER = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");
    private static final String PREFIX = "oid.";

    /** The words of RFC 4519, of openssl, of Java and of Windows, by the end of the object identifier below that of a group. */
    private static final Map<String, String> GROUPS = Map.of(
            "2.5.4.",
            "3 cn commonName,4 sn surname,5 serialNumber,6 c countryName,7 l localityName,8 st s stateOrProvinceName,"
                    + "9 street streetAddress,10 o organizationName,11 ou organizationalUnitName,12 title t,13 description,"
                    + "15 businessCategory,16 postalAddress,17 postalCode,18 postOfficeBox,19 physicalDeliveryOfficeName,"
                    + "20 telephoneNumber,24 x121Address,25 internationalISDNNumber,27 destinationIndicator,41 name,"
                    + "42 gn givenName g,43 initials,44 generationQualifier generation,45 x500UniqueIdentifier,"
                    + "46 dnQualifier dnq,51 houseIdentifier,54 dmdName,65 pseudonym,97 organizationIdentifier,"
                    + "98 c3 countryCode3c,99 n3 countryCode3n",
            "0.9.2342.19200300.100.1.",
            "1 uid userId,3 mail rfc822Mailbox,12 documentTitle,25 dc domainComponent,40 personalTitle,"
                    + "44 uniqueIdentifier",
            "1.2.840.113549.1.9.",
            "1 emailAddress email e,2 unstructuredName,8 unstructuredAddress",
            "1.3.6.1.4.1.311.60.2.1.",
            "1 jurisdictionL jurisdictionLocalityName,2 jurisdictionST jurisdictionStateOrProvinceName,"
                    + "3 jurisdictionC jurisdictionCountryName");

    private static final Map<String, String> TYPES = types();

    private static Map<String, String> types() {
        var types = new HashMap<String, String>();
        GROUPS.forEach((group, members) -> {
            for (var member : members.split(",")) {
                var words = member.toLowerCase(Locale.ROOT).split(" ");
                for (int i = 1; i < words.length; i++) {
                    types.put(words[i], group + words[0]);
                }
            }
        });
        return Collections.unmodifiableMap(types);
    }

    /** @throws IllegalArgumentException if the name is malformed */
    static DistinguishedName of(X500Principal principal) {
        var parts = new ArrayList<Set<Attribute>>();
        for (var part : DerValue.all(principal.getEncoded()).get(0).parts()) {
            var attributes = new HashSet<Attribute>();
            for (var attribute : part.parts()) {
                var pair = attribute.parts();
                attributes.add(Attribute.of(pair.get(0).objectIdentifier(), pair.get(1)));
            }
            parts.add(attributes);
        }
        return new DistinguishedName(parts);
    }

    /** Reads the text form of RFC 4514, as openssl and Java print it. */
    static DistinguishedName parse(String text) throws InvalidValueException {
        try {
            var parts = new ArrayList<Set<Attribute>>();
            for (var part : new LdapName(text).getRdns()) {
                parts.add(attributes(part));
            }
            if (parts.isEmpty()) {
                throw new InvalidNameException();
            }
            return new DistinguishedName(parts);
        } catch (NamingException | IllegalArgumentException malformed) {
            throw new InvalidValueException("must be a distinguished name such as CN=ci,O=Example");
        }
    }

    private static Set<Attribute> attributes(Rdn part) throws NamingException, InvalidValueException {
        var attributes = new HashSet<Attribute>();
        for (var each : Collections.list(part.toAttributes().getAll())) {
            String type = type(each.getID());
            for (var value : Collections.list(each.getAll())) {
                var attribute = value instanceof byte[] encoded
                        ? Attribute.of(type, single(encoded))
                        : Attribute.of(type, String.valueOf(value));
                if (attribute.value.isEmpty()) {
                    throw new InvalidValueException("has an attribute without a value, which no certificate has");
                }
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    private static DerValue single(byte[] encoded) {
        var values = DerValue.all(encoded);
        if (values.size() != 1) {
            throw new IllegalArgumentException();
        }
        return values.get(0);
    }

    private static String type(String word) throws InvalidValueException {
        String plain = word.toLowerCase(Locale.ROOT);
        String identifier = plain.startsWith(PREFIX) ? plain.substring(PREFIX.length()) : plain;
        if (OBJECT_IDENTIFIER.matcher(identifier).matches()) {
            return identifier;
        }
        var known = TYPES.get(plain);
        if (known == null) {
            throw new InvalidValueException(
                    "has an attribute of an unknown name; use its object identifier, such as 2.5.4.97=...");
        }
        return known;
    }
}

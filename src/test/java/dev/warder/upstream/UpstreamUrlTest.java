package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Sources;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com, https://api.anthropic.com",
        "https://api.anthropic.com/, https://api.anthropic.com",
        "https://gateway.example:8443/base/path/, https://gateway.example:8443/base/path",
        "HTTPS://gateway.example, HTTPS://gateway.example",
        "http://localhost:9000, http://localhost:9000",
        "http://127.0.0.1, http://127.0.0.1",
        "http://127.255.3.4:1, http://127.255.3.4:1",
        "http://[::1]:80/x, http://[::1]:80/x"
    })
    void takesAbsoluteUrlsAndCutsTheLastSlash(String text, String expected) throws InvalidValueException {
        assertThat(UpstreamSettings.parseUrl(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.anthropic.com",
                "/relative",
                "ftp://api.anthropic.com",
                "https:api.anthropic.com",
                "https:///path",
                "https://under_score.example",
                "https://planted@api.anthropic.com",
                "https://api.anthropic.com?planted=1",
                "https://api.anthropic.com#planted",
                "https://api.anthropic.com:0",
                "https://api.anthropic.com:70000",
                "https://api.anthropic.com/a//b",
                "https://api.anthropic.com/../b",
                "https://api.anthropic.com//",
                "https://api anthropic.com",
                "http://api.anthropic.com",
                "http://127.0.0.1.example",
                "http://localhost.example",
                "http://127.0.0.256",
                "http://10.0.0.1",
                "http://[::2]"
            })
    void refusesWhatIsNoSafeUpstream(String text) {
        assertThatThrownBy(() -> UpstreamSettings.parseUrl(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("planted");
    }

    static Stream<String> otherAddresses() {
        var hosts = List.of(
                // Metadata services and private networks
                "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 metadata.google.internal metadata",
                "instance-data 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 [fd00:ec2::254]",
                "[fe80::1] [fc00::1] [fd12:3456::1]",
                // What connects to this machine under another name
                "0.0.0.0 0 [::] [::0] [0:0:0:0:0:0:0:0]",
                // Decimal, octal, hexadecimal and short forms
                "2130706433 2852039166 3232235521 0177.0.0.1 0177.0.0.01 0x7f.0.0.1 0x7f000001 017700000001",
                "127.1 127.0.1 127.000.000.001 0251.0376.0251.0376 0xa9.0xfe.0xa9.0xfe 0xa9fea9fe 169.16689662",
                "127.0.0.1. 00127.0.0.1 1.127.0.0.1",
                // IPv4 inside IPv6, translated and tunnelled
                "[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:10.0.0.1] [::ffff:7f00:2:1]",
                "[64:ff9b::a9fe:a9fe] [64:ff9b::169.254.169.254] [64:ff9b:1::1] [2002:a9fe:a9fe::1]",
                "[2001:0:a9fe:a9fe::1] [::169.254.169.254] [::1%25eth0] [::1%eth0]",
                // Names that look like this machine, and other characters
                "localhost. localhost.localdomain localhost.example localtest.me 127.0.0.1.nip.io",
                "127.0.0.1.example localhost@169.254.169.254 127.0.0.1@10.0.0.1 127.0.0.1%2f@10.0.0.1",
                "127.0.0.1\\@10.0.0.1 \uff11\uff12\uff17.0.0.1 127\u30020.0.1 \u24db\u24de\u24d2alhost");
        return hosts.stream().flatMap(line -> Stream.of(line.split(" ")));
    }

    /** Only a loopback address in its plain form may be spoken to without TLS: whoever reads the line then sees what it means. */
    @ParameterizedTest
    @MethodSource("otherAddresses")
    void refusesEverySpellingOfAnotherAddress(String host) {
        for (String tail : List.of("", ":80", "/latest/meta-data")) {
            assertThatThrownBy(() -> UpstreamSettings.parseUrl("http://" + host + tail))
                    .isInstanceOf(InvalidValueException.class);
            assertThatThrownBy(() -> EndpointUrl.parse("http://" + host + tail))
                    .isInstanceOf(InvalidValueException.class);
        }
    }

    @Test
    void triesSixtySpellings() {
        assertThat(otherAddresses()).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
    }

    @Test
    void refusesAVersionThatCannotTravel() {
        assertThat(Sources.with("upstream.version", "2023 06").problem()).startsWith("upstream.version: ");
        assertThat(Sources.with("upstream.version", "2023\r\nX: y").problem()).startsWith("upstream.version: ");
    }

    @Test
    void speaksHttp2ForEventStreamsUnlessToldOtherwise() {
        assertThat(new Sources().read().upstream().http2()).isEqualTo(Http2.STREAMING);
        assertThat(Sources.with("upstream.http2", "auto").read().upstream().http2())
                .isEqualTo(Http2.AUTO);
        assertThat(Sources.with("upstream.http2", "off").read().upstream().http2())
                .isEqualTo(Http2.OFF);
        assertThat(Sources.with("upstream.http2", "on").problem())
                .startsWith("upstream.http2: must be streaming, auto or off");
    }
}

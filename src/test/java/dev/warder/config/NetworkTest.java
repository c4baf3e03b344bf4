package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, [0:0:0:0:0:0:0:1], true",
        "fe80::/10, fe80::1%eth0, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, localhost, false",
        "10.0.0.0/8, 10.1, false",
        "10.0.0.0/8, 10.1.2.3.4, false",
        "10.0.0.0/8, '', false",
        "0.0.0.0/0, example.com, false",
    })
    void containsTheAddressesWithItsBeginning(String network, String address, boolean contained) throws Exception {
        assertThat(Network.parse(network).contains(address)).isEqualTo(contained);
        assertThat(Network.parse(network)).hasToString(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.1/8",
                "10.0.0/8",
                "256.0.0.0/8",
                "01.0.0.0/8",
                "::/129",
                "2001:db8::1/32",
                "example.com",
                "10.0.0.0/8/8",
                "::1%eth0/128x",
                "1:2:3",
                ":::",
                "10.0.0.0 /8"
            })
    void refusesWhatIsNoNetwork(String text) {
        var refused = catchThrowableOfType(InvalidValueException.class, () -> Network.parse(text));
        assertThat(refused).as(text).isNotNull();
    }
}

using Akka.Configuration;

namespace Akka.Embedded.Tests.Embedded.Configuration;

/// <summary>What the embedded runtime says of a wrong configuration: file, line and key.</summary>
public class ConfigErrorTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        broker {
          name = "one"
          inner { deep = yes }
        }
        """);

    [Theory]
    [InlineData("broker.name", "broker.name (line 2): 'one' is no number")]
    [InlineData("broker.inner", "broker.inner (line 3): an object is given, but text is expected")]
    public void Wrong_values_are_named_with_key_and_line(string path, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Sample.GetInt(path)).Message);

    [Fact]
    public void A_list_that_is_missing_is_an_error_that_names_it() =>
        Assert.Contains("broker.nope", Assert.Throws<ConfigurationException>(() => Sample.GetIntList("broker.nope")).Message);

    [Fact]
    public void Errors_of_an_included_text_name_the_include() =>
        Assert.Equal("line 2: the include 'other.conf' failed: line 1: expected a value in 'x', but found the end of the text",
            Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(
                "a = 1\ninclude \"other.conf\"",
                _ => Akka.Configuration.Hocon.Parser.Parse("x =", null))).Message);

    [Fact]
    public void Text_that_is_no_hocon_is_refused_with_line_and_key() =>
        Assert.Equal("line 2: expected a value in 'a.b', but found '}'",
            Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString("a {\n b = }")).Message);
}

using System.Globalization;
using System.Management.Automation.Language;
using System.Text;
using MidJourney.Client.Tests;

namespace MidJourney.Tests;

/// <summary>What others wrote is text: in prompts, titles, errors, names of models, IDs of jobs and names of files.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryHostileTests(GalleryBrowser browser)
{
    /// <summary>Each would call pwned() in the page or calc in PowerShell if it were more than text.</summary>
    private static readonly string[] Texts =
    [
        "<script>pwned()</script>",
        "</script><script>pwned()</script>",
        "</style><img src=x onerror=pwned()>",
        "</h2></title></textarea></option></select><svg onload=pwned()>",
        "\" onmouseover=\"pwned()\" autofocus onfocus=\"pwned()\" x=\"",
        "' onmouseover='pwned()' autofocus onfocus='pwned()' x='",
        "javascript:pwned()",
        "data:text/html,<script>parent.pwned()</script>",
        "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
        "<meta http-equiv=refresh content='0;url=https://example.org/'><base href=https://example.org/>",
        "<link rel=stylesheet href=https://example.org/x.css><style>@import url(https://example.org/y.css)</style>",
        "]]><!--<b>--!><![CDATA[",
        "<!--<script>",
        "-->${pwned()}`${pwned()}`{{pwned()}}&lt;script&gt;&#60;script&#62;\\u003cscript>",
        "<\0script>pwned()</script\0>",
        "left\u202egnp.exe\u202c \u2066isolated\u2069 \u200fright",
        "line\u2028paragraph\u2029end",
        "control\u0001\u0007\u001b[31m\u007f\u0085",
        "lone \ud83d and \udc00 surrogates",
        "emoji 👩🏽‍🚀 عربى עברית",
        "$(calc) `calc` ; calc | calc & calc #",
        "'; calc; '\u2018; calc; \u2019; calc; \u201a; calc; \u201b; calc; '",
        "calc\r\ncalc\ncalc\tcalc",
        "-Force",
        "@(calc)",
        new('W', 8192),
    ];

    private static readonly string[] FileNames =
    [
        "a#b?c%20d%.png", "<img src=x onerror=pwned()>.png", "'single' \"double\" `back`.png", "back\\slash.png", "javascript:pwned().png", "https:\\\\example.org\\x.png",
        "&amp;&lt;.png", "$(calc);calc.png", " space.png", "..dots.png", "-dash.png", "é composed.png", "e\u0301 decomposed.png", "日本 👩🏽‍🚀.png", "new\nline.png",
        "turn\u202egnp.exe.png", "sub #1/100%.png", "..%2f..%2fup.png",
    ];

    [BrowserFact]
    public async Task No_text_becomes_a_script_or_an_element() => await browser.OpenAsync(
        await ExportAsync(),
        async view =>
        {
            await MustHaveOnlyItsElementsAsync(view);
            Assert.Empty(await view.EachAsync("[onerror], [onload], [onfocus], [onmouseover], [autofocus]", "e.outerHTML"));
            Assert.All(await view.EachAsync("main [href], main [src]", "e.getAttribute('href') ?? e.getAttribute('src')"), url => Assert.StartsWith("./", url, StringComparison.Ordinal));
            Assert.InRange(await view.AskAsync<int>("document.documentElement.scrollWidth"), 0, 1280);

            // Each is shown as it is; characters that cannot be seen are shown by number.
            await MustShowAsync(view, "main h2", [.. Texts.Select(Visible), .. Texts.Select((_, i) => $"fails {i}")]);
            await MustShowAsync(view, "#model option:not([value=''])", [.. Texts.Select(text => Visible(text.Trim())), "midjourney_diffusion"]);
            await MustShowAsync(view, "h1", [Visible(Title)]);
            var errors = await view.EachAsync("main .error", "e.textContent");
            foreach (var text in Texts) Assert.Contains(errors, error => error.Contains(OneLine(text), StringComparison.Ordinal));

            // Also where the script puts it: in the viewer, the list of tasks and the command.
            await view.AskAsync<object>("document.querySelectorAll('main figcaption a').forEach(link => { link.click(); document.getElementById('close').click(); })");
            await view.FillAsync("#filter", "<script>");
            Assert.Contains(" of ", await view.AskAsync<string>("document.getElementById('count').textContent"), StringComparison.Ordinal);
            await view.FillAsync("#filter", "");
            MustTakeLiterally(await ChooseAllAsync(view));
            Assert.False(await view.AskAsync<bool>("wasCalled"));
            await MustHaveOnlyItsElementsAsync(view);
        },
        view => view.Tab.EvaluateExpressionOnNewDocumentAsync("window.wasCalled = false; window.pwned = () => { window.wasCalled = true; }"));

    [BrowserFact]
    public async Task A_file_is_shown_whatever_its_name_is()
    {
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        // Windows forbids some of these.
        var forbidden = Path.GetInvalidFileNameChars();
        var names = FileNames.Where(name => !OperatingSystem.IsWindows() || name.Split('/').All(part => part.IndexOfAny(forbidden) < 0)).ToArray();
        foreach (var path in names.Select(name => Path.Combine(folder, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, PngFile.Make());
        }
        using var shell = new ModuleShell();
        shell.Run($"Get-ChildItem '{folder}' -Recurse -File -Force | Export-MJGallery -Path '{folder}'").MustSucceed();
        await browser.OpenAsync(Path.Combine(folder, "gallery.html"), async view =>
        {
            Assert.Empty(await view.BrokenImagesAsync());
            Assert.Equal(names.Length, view.Images.Distinct().Count());
        });
    }

    private static string Title => string.Concat(Texts[..^1]);

    private static async Task<string> ExportAsync()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        for (var i = 0; i < Texts.Length; i++) gateway.Shapes.SetPrompt($"fails {i}", new TaskShape { Failure = new TaskFailure(1, AsUtf8(Texts[i])) });
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        for (var i = 0; i < Texts.Length; i++) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.png"), PngFile.Make());
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        shell.Run($$"""
            $files = 0..($texts.Count - 1) | ForEach-Object {
                [pscustomobject] @{ FullName = "{{folder}}/$_.png"; TaskId = "t$_"; Index = 0; JobId = $texts[$_]; Prompt = $texts[$_]; Model = $texts[$_] }
            }
            $failed = 0..($texts.Count - 1) | ForEach-Object { "fails $_" } | Invoke-MJDiffusion | Wait-MJTask -ErrorAction Ignore
            $($files; $failed) | Export-MJGallery -Path '{{folder}}' -Title $title
            """, ("texts", Texts), ("title", Title)).MustSucceed();
        return Path.Combine(folder, "gallery.html");
    }

    /// <summary>The viewer has two images.</summary>
    private static async Task MustHaveOnlyItsElementsAsync(GalleryView view) => Assert.Equal([1, 1, Texts.Length + 2, 0], await view.AskAsync<int[]>("""
        ['script', 'style', 'img', 'svg, iframe, object, embed, base, link, form, textarea, b, [http-equiv=refresh]'].map(s => document.querySelectorAll(s).length)
        """));

    private static async Task MustShowAsync(GalleryView view, string selector, string[] texts) =>
        Assert.Equal(texts.Order(StringComparer.Ordinal), (await view.EachAsync(selector, "e.textContent")).Order(StringComparer.Ordinal));

    private static async Task<string> ChooseAllAsync(GalleryView view)
    {
        await view.AskAsync<object>("document.querySelectorAll('main button[aria-pressed]').forEach(button => button.click())");
        return await view.AskAsync<string>("document.getElementById('command').value");
    }

    /// <summary>As PowerShell itself reads it, the command is one pipeline whose job IDs are literals. A job ID with characters that cannot be seen is not taken further.</summary>
    private static void MustTakeLiterally(string command)
    {
        var script = Parser.ParseInput(command, out var tokens, out var errors);
        Assert.Empty(errors);
        Assert.DoesNotContain(tokens, token => token.Kind == TokenKind.Comment);
        var commands = script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().ToList();
        Assert.Equal(["Invoke-MJUpscale", "Wait-MJTask", "Save-MJOutput"], commands.Select(c => c.GetCommandName()));
        Assert.Equal(["JobId", "ImageNo", "Type"], commands[0].CommandElements.OfType<CommandParameterAst>().Select(p => p.ParameterName));
        var jobs = Assert.IsType<ArrayLiteralAst>(commands[0].CommandElements[2]).Elements.Select(e => Assert.IsType<StringConstantExpressionAst>(e).Value);
        var expected = Texts.Select(AsUtf8).Where(text => Visible(text) == text && !text.Contains('\n', StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), jobs.Order(StringComparer.Ordinal));
    }

    /// <summary>The text with controls and marks of direction by number.</summary>
    private static string Visible(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in AsUtf8(text).Replace("\r\n", "\n", StringComparison.Ordinal))
        {
            var isShown = c is '\n' or '\t' || (!char.IsControl(c) && c is not ('\u200f' or '\u202e' or '\u202c' or '\u2066' or '\u2069' or '\u2028' or '\u2029'));
            shown.Append(isShown ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
        }
        return shown.ToString();
    }

    /// <summary>The beginning of a text as a message has it.</summary>
    private static string OneLine(string text)
    {
        var line = string.Join(' ', Visible(text).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line[..Math.Min(line.Length, 900)];
    }

    /// <summary>Half a pair of surrogates is no character, and is replaced.</summary>
    private static string AsUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

using System.Globalization;

namespace MidJourney.Gallery;

/// <summary>
/// Writes the sections of a gallery. The images of a task are a grid; under each of its images is a column of what was made of it. The column is flat whatever the depth, so that it stays readable: a task
/// that was made of an image in the same column names that image.
/// </summary>
internal sealed class GalleryTiles(TextWriter page)
{
    private int _groups;
    private int _images;

    public void Write(GalleryGroup group)
    {
        var totals = GalleryTotals.Of(group);
        var heading = group.Prompt ?? (group.JobId is null ? "Unknown prompt" : $"Job {group.JobId}");
        var number = (++_groups).ToString(CultureInfo.InvariantCulture);
        page.Write($"<section data-group=\"{number}\" aria-labelledby=\"g{number}\"{Shape(group.Prompt)}{Data("time", totals.Latest?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))}");
        if (totals.Costs.Count > 0) page.Write($"{Data("cost", totals.Costs[0].Cost.ToString(CultureInfo.InvariantCulture))}{Data("currency", totals.Costs[0].Currency)}");
        page.Write(">\n<header>");
        // A long prompt is shown in three lines until it is opened.
        var title = $"<h2 id=\"g{number}\" dir=\"auto\"{(group.Prompt is null ? " class=\"unknown\"" : "")}>{Html.Encode(heading)}</h2>";
        page.Write(heading.Length > 300 ? $"<details><summary>{title}</summary></details>" : title);
        page.Write($"<p class=\"facts\">{totals.Facts()}</p></header>\n<div class=\"tasks\">\n");
        foreach (var task in group.Tasks) WriteRoot(task, heading);
        page.Write("</div>\n</section>\n");
    }

    private void WriteRoot(GalleryTask task, string prompt)
    {
        StartTask(task, task.Images.Count > 1 ? "wide" : "", null, "");
        foreach (var image in task.Images)
        {
            StartImage(task, image, task.Prompt ?? prompt);
            if (image.Made.Count > 0)
            {
                page.Write("<div class=\"made\">\n");
                WriteMade(image, _images, prompt, "");
                page.Write("</div>\n");
            }

            page.Write("</li>\n");
        }

        EndTask(task);
    }

    private void WriteMade(GalleryImage source, int sourceId, string prompt, string of)
    {
        foreach (var task in source.Made)
        {
            StartTask(task, task.Images.Count > 1 ? "made-grid" : "", sourceId, of);
            var first = _images + 1;
            foreach (var image in task.Images)
            {
                StartImage(task, image, task.Prompt ?? prompt);
                page.Write("</li>\n");
            }

            EndTask(task);
            for (var i = 0; i < task.Images.Count; i++) WriteMade(task.Images[i], first + i, task.Prompt ?? prompt, $"of {ImageName(task.Images[i])} of {task.Step}");
        }
    }

    private void StartTask(GalleryTask task, string layout, int? sourceId, string of)
    {
        page.Write($"<article data-task{Data("task-id", task.Id)}{Data("state", task.Status)}{Data("model", task.Model)}{Data("source", sourceId is { } id ? $"i{id}" : null)}{Shape(task.Prompt, layout)}>\n<header>");
        page.Write($"<h3 dir=\"auto\">{Html.Encode(task.Step)}{(of == "" ? "" : $" <small>{Html.Encode(of)}</small>")}</h3>");
        page.Write($"<p class=\"facts\"><span class=\"state\">{Html.Encode(GalleryTotals.StateText(task.Status))}</span>");
        if (task.Cost is { } cost) page.Write($"<span>{Html.Encode(Money.Text(cost, task.Currency))}</span>");
        else if (task.Status == MJTaskStatus.Completed) page.Write("<span>cost unknown</span>");
        if (task.CreatedAt is { } time) page.Write($"<span>{GalleryPage.Time(time)}</span>");
        page.Write("</p>");
        if (task.Prompt is { } prompt) page.Write($"<p class=\"prompt\" dir=\"auto\">{Html.Encode(prompt)}</p>");
        if (task.Error is { } error) page.Write($"<p class=\"error\" dir=\"auto\">{Html.Encode(error)}</p>");
        if (task.Advice is { } advice) page.Write($"<p class=\"advice\" dir=\"auto\">{Html.Encode(advice)}</p>");
        else if (task.Images.Count == 0 && task.Id is { } taskId) page.Write($"<p class=\"id\">Task <code>{Html.Encode(taskId)}</code></p>");
        page.Write("</header>\n");
        if (task.Images.Count > 0) page.Write("<ol>\n");
    }

    private void EndTask(GalleryTask task) => page.Write(task.Images.Count > 0 ? "</ol>\n</article>\n" : "</article>\n");

    private void StartImage(GalleryTask task, GalleryImage image, string prompt)
    {
        var name = ImageName(image);
        page.Write($"<li data-image id=\"i{(++_images).ToString(CultureInfo.InvariantCulture)}\"");
        var choosable = image is { Path: not null, IsVideo: false, Job: not null };
        if (image.Job is { } job) page.Write(Data("job-id", job.JobId));
        if (choosable) page.Write($"{Data("job", PowerShellText.Literal(image.Job!.Value.JobId))}{Data("image-no", image.Job.Value.ImageNo.ToString(CultureInfo.InvariantCulture))}");
        var text = Html.Encode($"{SafeText.Message(prompt)} ({name} of {task.Step})");
        page.Write("><figure>");
        if (image.Path is null)
        {
            page.Write($"<p class=\"box\">not saved</p><figcaption><span>{name}</span></figcaption></figure>");
            return;
        }

        var url = Html.RelativeUrl(image.Path);
        page.Write(image.IsVideo ? $"<video class=\"box\" src=\"{url}\" preload=\"none\" controls aria-label=\"{text}\"></video>"
            : $"<button type=\"button\" class=\"box\"{(choosable ? " aria-pressed=\"false\"" : "")}><img src=\"{url}\" alt=\"{text}\" loading=\"lazy\" decoding=\"async\"></button>");
        var action = image.IsVideo ? "Open" : "View";
        page.Write($"<figcaption><a href=\"{url}\" aria-label=\"{action} {name} of {Html.Encode(task.Step)}\">{action}</a>");
        page.Write($"<span>{name}</span>{(image.IsVideo ? "" : "<span data-pixels></span>")}<span>{DisplayText.Size(image.Length)}</span></figcaption></figure>");
    }

    private static string ImageName(GalleryImage image) => FormattableString.Invariant($"{(image.IsVideo ? "video" : "image")} {image.Number}");

    private static string Data(string name, string? value) => value is null ? "" : $" data-{name}=\"{Html.Encode(value)}\"";

    private static string Shape(string? prompt, string layout = "")
    {
        var classes = (GalleryPage.Ratio(prompt) is { } r ? FormattableString.Invariant($"{layout} r{r.Width}x{r.Height}") : layout).Trim();
        return classes == "" ? "" : $" class=\"{classes}\"";
    }
}

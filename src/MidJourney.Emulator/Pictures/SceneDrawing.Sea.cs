using System.Numerics;

namespace MidJourney.Emulator.Pictures;

internal sealed partial class SceneDrawing
{
    private void Sea()
    {
        float far = _layout.Between(0.03f, 0.08f);
        if (!Any(Things.City))
            Coast(_palette.Far(_snowy ? 0xf2f6fc : 0x5a6f72, 0.62f), _toTheLeft ? -0.2f : Width * 0.35f, _toTheLeft ? Width * 0.62f : Width + 0.2f, far);
        if (Any(Things.Harbor) || Any(Things.House))
            Part(Quay);
        if (Any(Things.Lighthouse))
            Part(Headland);
        if (Any(Things.Train))
            Part(Viaduct);
        var water = Vector3.Lerp(_palette.Lit(0x3f7f98), Vector3.Lerp(_palette.Middle, _palette.Top, 0.5f), 0.45f);
        _canvas.Mirror(_horizon, water, 0.62f, _scene.Variant * 1.7f);
        Glints();
        if (Any(Things.Boat))
            Part(Boats);
        if (Any(Things.Harbor))
            Part(Pier);
        else if (Any(Things.Forest) || Any(Things.Flower) || Any(Things.Desert))
            Part(Shore);
    }

    private void Coast(Vector3 color, float left, float right, float height)
    {
        var curve = _layout.Curve(height * 0.5f, 0.5f, 3);
        var outline = new List<Vector2> { new(left, _horizon) };
        for (float x = left; x < right; x += 0.01f)
            outline.Add(new(x, _horizon - (MathF.Sin((x - left) / (right - left) * MathF.PI) * (height + curve(x)))));
        outline.Add(new(right, _horizon));
        _canvas.FillAll(color, [outline]);
    }

    private void Headland()
    {
        float rise = 0.11f * _closeness, edge = 0.36f * _closeness, side = _toTheLeft ? -1 : 1;
        var rock = _palette.Lit(_snowy ? 0xcfd8e6 : 0x5d5148);
        var roughness = _layout.Curve(0.022f, 0.16f, 3);
        // It falls to the sea on one side and leaves the picture on the other.
        var top = new List<Vector2>();
        for (float along = -3; along < edge; along += 0.012f)
        {
            float slope = Math.Clamp((edge - along) / (edge * 0.55f), 0, 1);
            float inland = 0.04f * Math.Min(1, -Math.Min(0, along + 0.1f) * 2);
            top.Add(new(_main + (along * side), _horizon - (MathF.Sqrt(slope) * (rise + inland + roughness(along)))));
        }
        _canvas.FillAll(rock * 0.8f, [[new(_main - (3 * side), _horizon), .. top, new(_main + (edge * side), _horizon)]]);
        var grass = _palette.Lit(_snowy ? 0xf4f7fd : 0x6f8a45);
        var below = top.AsEnumerable().Reverse().Select((point, i) => point + new Vector2(0, 0.024f + (0.006f * MathF.Sin(i * 0.7f))));
        _canvas.FillAll(grass, [[.. top, .. below]]);
        float ground = _horizon - rise;
        _props.House(At(_main - (0.24f * _closeness * side), ground - 0.008f, 0.13f * _closeness), _layout);
        _props.Lighthouse(At(_main, ground + 0.015f, Math.Min(0.43f * _closeness, ground - 0.04f)), _toTheLeft ? -1 : 1);
    }

    private void Quay()
    {
        float height = 0.035f * _closeness, left = _toTheLeft ? Width * 0.25f : -0.5f, right = _toTheLeft ? Width + 0.5f : Width * 0.75f;
        for (float x = left + 0.08f; x < right - 0.05f; x += _layout.Between(0.13f, 0.17f) * _closeness)
            _props.House(At(x, _horizon - height + 0.002f, _layout.Between(0.13f, 0.2f) * _closeness), _layout);
        _canvas.FillBox(_palette.Lit(0x7a7068), left, _horizon - height, right, _horizon);
        _canvas.FillBox(_palette.Lit(0xa89c8c), left, _horizon - height, right, _horizon - (height * 0.75f));
    }

    private void Viaduct()
    {
        float deck = 0.1f * _closeness;
        var stone = _palette.Lit(0x8a7b6c);
        for (float x = -0.5f; x < Width + 0.5f; x += 0.16f)
            At(x, _horizon, deck).Box(stone * 0.8f, -0.12f, 0, 0.24f, 1);
        _canvas.FillBox(stone, -1, _horizon - deck, Width + 1, _horizon - (deck * 0.7f));
        _props.Train(At(TrainFront, _horizon - deck, 0.17f * _closeness, _toTheLeft), _layout, 9);
    }

    private void Glints()
    {
        for (int i = 0; i < 90; i++)
        {
            float depth = _mood.Next(), y = _horizon + 0.006f + (depth * depth * (Height - _horizon));
            bool path = i % 3 != 0;
            float x = path ? _sun.X + (_mood.Between(-1, 1) * (0.03f + (depth * 0.12f))) : _mood.Between(0, Width);
            float length = (0.02f + (depth * 0.07f)) * _mood.Between(0.6f, 1.3f);
            At(x, y, length).Oval(Paint.Clear(path ? _palette.Sun : _palette.Horizon, path ? 0.5f : 0.22f), 0, 0, 1, 0.1f);
        }
        for (int i = 0; _scene.Detailed && i < 260; i++)
        {
            float depth = SeededUnit(i * 2), y = _horizon + 0.006f + (depth * (Height - _horizon));
            var color = i % 2 == 0 ? _palette.Horizon : _palette.Top * 0.5f;
            At(SeededUnit((i * 2) + 1) * Width, y, 0.02f + (depth * 0.03f)).Oval(Paint.Clear(color, 0.25f), 0, 0, 1, 0.07f);
        }
    }

    private void Boats()
    {
        int boats = Any(Things.Harbor) ? 4 : 2 + (_scene.Variant % 2);
        for (int i = 0; i < boats; i++)
        {
            float depth = (i + 0.6f) / (boats + 0.6f);
            float y = _horizon + 0.02f + (depth * Math.Max(0.08f, Height - _horizon - 0.22f));
            float x = Width * ((_layout.Next() * 0.28f) + (0.62f * ((i + _scene.Variant) % 3 / 2f)) + 0.05f);
            if (i == boats - 1 && !Any(Things.Lighthouse))
                x = _main;
            var boat = At(x, y, (0.09f + (depth * 0.2f)) * (0.6f + (_closeness * 0.4f)), _layout.Next() < 0.5f);
            boat.Oval(Paint.Clear(_palette.Top * 0.35f, 0.4f), 0, -0.05f, 0.95f, 0.14f);
            _props.Boat(boat, _layout, sails: !Any(Things.Harbor) || i % 2 == 1);
            boat.Oval(Paint.Clear(_palette.Horizon, 0.35f), 0, -0.03f, 0.8f, 0.03f);
        }
    }

    private void Pier()
    {
        float x = _toTheLeft ? Width * 0.1f : Width * 0.9f, end = _toTheLeft ? Width * 0.4f : Width * 0.6f, y = _horizon + 0.05f;
        var (wood, half) = (_palette.Lit(0x7b5d43), 0.17f);
        _canvas.Fill(new Paint(wood * 1.15f, wood * 0.8f), new(end - 0.02f, y), new(end + 0.02f, y), new(x + half, Height + 0.02f),
            new(x - half, Height + 0.02f));
        for (float t = 0.08f; t < 1; t += 0.11f)
        {
            float at = t * t, middle = end + ((x - end) * at), level = y + ((Height - y) * at), wide = 0.02f + ((half - 0.02f) * at);
            _canvas.FillBox(wood * 0.62f, middle - wide, level, middle + wide, level + 0.004f + (at * 0.006f));
            foreach (float side in (ReadOnlySpan<float>)[-1, 1])
                At(middle + (side * wide), level + (0.08f * at), 0.03f + (at * 0.17f)).Box(wood * 0.55f, -0.07f, 0, 0.14f, 1);
        }
    }

    private void Shore()
    {
        var ground = _palette.Lit(_snowy ? 0xeaf0f9 : Any(Things.Desert) ? 0xd9b27a : 0x56763c);
        Hill(new Paint(ground, ground * 0.7f), Height - 0.24f, _layout.Curve(0.05f, 1.3f, 3));
        Growth(Height - 0.2f, Height - 0.05f, 9);
    }
}

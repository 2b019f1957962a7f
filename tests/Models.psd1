# One row per cmdlet that creates tasks: a valid record for its parameters. The tests of binding, -WhatIf, Restart-MJTask and
# key leaks go through all rows, so a new model is tested by a row here.
@{
    'Invoke-MJUpscale'     = @{ JobId = 'harbour'; ImageNo = 0; Type = 1; Callback = 'https://example.com' }
    'Invoke-MJVariation'   = @{ JobId = 'harbour'; ImageNo = 0; Type = 1; RemixPrompt = 'x' }
    'Invoke-MJRemix'       = @{ JobId = 'harbour'; ImageNo = 0; RemixPrompt = 'x'; Mode = 0 }
    'Invoke-MJOutpaint'    = @{ JobId = 'harbour'; ImageNo = 0; Scale = 1.5; RemixPrompt = 'x' }
    'Invoke-MJInpaint'     = @{ JobId = 'harbour'; ImageNo = 0; Mask = '1024x1024: 100,600,400,300'; RemixPrompt = 'x' }
    'Invoke-MJEdit'        = @{ JobId = 'harbour'; ImageNo = 0; Canvas = '1024x1024'; ImagePosition = '512x512'; RemixPrompt = 'x'; Mask = '1024x1024: 100,600,400,300' }
    'Invoke-MJRetexture'   = @{ ImageUrl = 'https://example.com/a.png'; RemixPrompt = 'x' }
    'Invoke-MJUploadPaint' = @{ ImageUrl = 'https://example.com/a.png'; RemixPrompt = 'x'; Canvas = '1024x1024'; Mask = '1024x1024: 100,600,400,300' }
    'Invoke-MJDiffusion'   = @{ Prompt = 'x' }
    'Invoke-MJModel'       = @{ Model = 'midjourney_pan'; Parameter = @{ direction = 1 }; JobId = 'harbour'; ImageNo = 0 }
}

"""Measures a network or the cascade on one split and writes its evaluation_<split>.json.

Layout, version 1 (the Evidence page, the README and MODEL_CARD.md read it; keys stay).
An `Estimate` is {"value", "low", "high", "n"}: the figure, its 95 % bootstrap interval, and the
number of cases behind it (pictures, lesions or regions); null where it is undefined.

Every file, saved_model/{gate,encoder_decoder,unet,cascade}/evaluation_<split>[_int8][_flips].json:
    layout       1
    name, title, split ("val" | "test"), precision ("float32" | "int8"), flips (bool)
    models       {network: SHA-256 of the file that was measured}
    data         {"images", "fractured", "lesions", "groups", "excluded": {reason: n},
                 "absent": pictures of the split that are not on disk}
    thresholds   {"doubtful", "fracture", "mask": {network: t}, "min_lesion_share"}: those used
                 (a file of one network holds only its own)
    bootstrap    {"draws", "seed", "level", "groups": what a group is, in words}
    notes        [sentence, ...] to be shown with the figures
    labels       {metric key: words}, for every key of every `metrics` below

gate:
    metrics           {key: Estimate}: auroc, average_precision, brier, ece, brier_raw, ece_raw
                      (before calibration), accuracy (at the fracture point)
    operating_points  {"doubtful" | "fracture" | "half": {"threshold", "tp", "fp", "fn", "tn",
                      "metrics": {sensitivity, specificity, ppv, npv, accuracy: Estimate}}}
    tiers             {"fracture" | "doubtful" | "no fracture seen": {"images", "fractured"}}
    curves            {"roc": {"fpr", "tpr", "threshold"}, "precision_recall": {"recall",
                      "precision", "threshold"}, "reliability" and "reliability_raw":
                      {"low", "high", "predicted", "observed", "n"}}: lists of equal length
    subgroups         [{"by", "value", "n", "fractured", "metrics": {auroc, average_precision,
                      sensitivity, specificity (at the doubtful point)}}]
    baselines         [{"key", "label", "metrics": as above}]: always_negative, size_and_format,
                      body_part_and_view
    cross_fitted      {"folds", "note", "metrics": {sensitivity_doubtful, specificity_doubtful,
                      sensitivity_fracture, specificity_fracture, brier, ece}}; val only
    worst             {"false_negatives", "false_positives": [{"image_id", "probability"}]},
                      worst first, at most 40 each

encoder_decoder, unet:
    metrics           at the picture's own resolution: dice_mean, dice_median, iou_mean,
                      iou_median (fractured pictures); the same with _256 (letterboxed to 256 px);
                      dice_empty_one, iou_empty_one (all pictures, two empty masks count 1);
                      false_positive_share (mean share of the picture painted wrongly),
                      painted_unfractured (share of unfractured pictures with any region),
                      false_share_of_paint (painted pixels that are false, all pictures together);
                      lesion_recall_10, _30, _50 (IoU with the region at least 0.1, 0.3, 0.5),
                      lesion_precision_10 (regions that find a lesion), false_regions_per_image;
                      froc_10_at_025, _at_050, _at_100 and froc_30_..., froc_50_... (lesion recall
                      at 0.25, 0.5, 1 false regions per picture);
                      box_map50_fractured, box_map50
    curves            {"froc": {"10" | "30" | "50": {"false_per_image", "recall", "score"}},
                      "dice_by_threshold": {"threshold", "dice"}}
    subgroups         [... "metrics": {dice_mean, lesion_recall_10, false_regions_per_image}]
    baselines         [...]: empty_mask, centred_blob
    cross_fitted      {"folds", "note", "metrics": {dice_mean}}; val only
    worst             {"false_negatives": [{"image_id", "dice", "found", "lesions"}],
                      "false_positives": [{"image_id", "peak", "regions", "painted_share"}]}

cascade:
    networks          {network: {"metrics", "curves", "subgroups", "baselines", "worst"} as for a
                      segmenter, with an empty mask wherever the gate's verdict is
                      "no fracture seen"; a region's score is its peak times the gate's
                      probability}
    metrics           {"segmented_share" (pictures that reach the segmenters), "sensitivity",
                      "specificity" (verdict doubtful or fracture, as against none seen)}
    agreement         {"agreed" | "lone_encoder_decoder" | "lone_unet":
                      {"regions", "true", "precision": Estimate}}: a region agrees when one of the
                      other network's overlaps it with IoU >= 0.1; true = finds a lesion (IoU 0.1)
"""
